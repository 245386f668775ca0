-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- What each direction of each TCP stream has shown so far.
-- A packet is dissected again whenever somebody clicks on it. Only the first sight of a frame changes
-- anything here; later questions about a frame are answered as of that frame.
local streams = {}
streams.__index = streams

local TWO_32 = 4294967296

--- What stands for an MSS option that a SYN did not have.
streams.ABSENT = -1

function streams.new()
  return setmetatable({
    newest_frame = 0,
    first_source = {}, -- by stream: the end that sent its first packet
    -- By direction:
    mss = {},          -- the value last announced
    mss_frame = {},    -- the frame from which it counts
    older_mss = {},    -- what was announced before, where that differed: {frame, value}
    isn = {},
    digest_frame = {},
    digest = {},
  }, streams)
end

--- True for a frame that was not here before; call once for a frame, before anything that learns.
function streams:is_first_sight(frame)
  if frame <= self.newest_frame then return false end
  self.newest_frame = frame
  return true
end

--- A number for the direction in which a packet goes. `source` tells the two ends of the stream
-- apart: a port, or an address where both ports are the same.
function streams:direction(stream, source)
  local first = self.first_source[stream]
  if first == nil then
    self.first_source[stream] = source
    first = source
  end
  return first == source and 2 * stream or 2 * stream + 1
end

--- The number of the opposite direction.
function streams.opposite(direction)
  return direction % 2 == 0 and direction + 1 or direction - 1
end

--- Learns the ISN and the MSS (or `ABSENT`) of a SYN.
function streams:learn_syn(direction, frame, isn, mss)
  self.isn[direction] = isn
  local known = self.mss[direction]
  if known == mss then return end
  if known then
    local older = self.older_mss[direction] or {}
    older[#older + 1] = { frame = self.mss_frame[direction], value = known }
    self.older_mss[direction] = older
  end
  self.mss[direction] = mss
  self.mss_frame[direction] = frame
end

--- The MSS that the sender of a direction had announced before a frame; nil if none, or no option.
function streams:mss_before(direction, frame)
  local value = self.mss[direction]
  if value == nil then return nil end
  if frame <= self.mss_frame[direction] then
    local older = self.older_mss[direction] or {}
    local i = #older
    while i > 0 and frame <= older[i].frame do i = i - 1 end
    value = i > 0 and older[i].value or streams.ABSENT
  end
  if value == streams.ABSENT then return nil end
  return value
end

--- True if the digest of a direction is still to come.
function streams:wants_digest(direction)
  return self.digest_frame[direction] == nil
end

--- True if a segment holds the first byte of its direction. Where the SYN was captured that is the
-- byte after the ISN; where it was not, the first segment longer than a keep-alive has to do.
function streams:is_first_data(direction, sequence, length_bytes, is_syn)
  if is_syn then return true end
  local isn = self.isn[direction]
  if isn then return sequence == (isn + 1) % TWO_32 end
  return length_bytes > 1
end

--- Learns a direction's digest; false where too little of the segment was captured.
function streams:learn_digest(direction, frame, digest)
  self.digest_frame[direction] = frame
  self.digest[direction] = digest
end

--- The digest that stands on a frame, or nil.
function streams:digest_on(direction, frame)
  if self.digest_frame[direction] ~= frame then return nil end
  return self.digest[direction] or nil
end

return streams
