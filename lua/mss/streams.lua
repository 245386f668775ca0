-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- What each direction of each TCP stream has shown so far.
-- Wireshark dissects a packet again when the user selects it. Only the first dissection of a frame changes the
-- state; later queries about a frame return the state at that frame.
local streams = {}
streams.__index = streams

-- A direction is a number: 2 * stream for one direction of a stream, 2 * stream + 1 for the other.

local TWO_32 = 4294967296

--- The MSS of a SYN without an MSS option.
streams.ABSENT = -1

function streams.new()
  return setmetatable({
    newest_syn_frame = 0,
    newest_data_frame = 0,
    low_port = {}, -- by stream: the lower of its two ports; false if they are equal
    -- By direction of the data:
    limit = {},        -- the MSS that the receiver announced last
    limit_frame = {},  -- the frame that announced it
    older_limits = {}, -- different values that were announced before: {frame, value}
    isn = {},
    digest_frame = {}, -- the frame that shows the digest; nil until it is found
    digest = {},
    complete_frame = {}, -- by stream: the later frame of its two digests, once both are found
  }, streams)
end

--- The number of the opposite direction.
function streams.opposite(direction)
  return direction % 2 == 0 and direction + 1 or direction - 1
end

--- Learns the ISN of a SYN at the first dissection of its frame; returns whether this was the first.
function streams:learn_isn(direction, frame, isn)
  if frame <= self.newest_syn_frame then return false end
  self.newest_syn_frame = frame
  self.isn[direction] = isn
  return true
end

--- Learns the ISN and the MSS (or `ABSENT`) of a SYN at the first dissection of its frame.
function streams:learn_syn(direction, frame, isn, mss)
  if not self:learn_isn(direction, frame, isn) then return end
  local limited = streams.opposite(direction)
  local known = self.limit[limited]
  if known == mss then return end
  if known then
    local older = self.older_limits[limited] or {}
    older[#older + 1] = { frame = self.limit_frame[limited], value = known }
    self.older_limits[limited] = older
  end
  self.limit[limited] = mss
  self.limit_frame[limited] = frame
end

--- The MSS that the receiver of a direction announced before a frame; nil if none.
function streams:limit_before(direction, frame)
  local value = self.limit[direction]
  if value == nil then return nil end
  if frame <= self.limit_frame[direction] then
    local older = self.older_limits[direction] or {}
    local i = #older
    while i > 0 and frame <= older[i].frame do i = i - 1 end
    value = i > 0 and older[i].value or streams.ABSENT
  end
  if value == streams.ABSENT then return nil end
  return value
end

--- Whether a frame may show the digest of a direction: as soon as the digest is known, true for its frame only.
function streams:may_have_digest(direction, frame)
  local digest_frame = self.digest_frame[direction]
  return digest_frame == nil or digest_frame == frame
end

--- Whether a segment, at the first dissection of its frame, holds the first byte of its direction: the byte after
-- the ISN if the SYN was captured, otherwise the first segment longer than a keep-alive.
function streams:is_first_data(direction, frame, sequence, length_bytes, is_syn)
  if frame <= self.newest_data_frame then return false end
  self.newest_data_frame = frame
  if self.digest_frame[direction] then return false end
  if is_syn then return true end
  local isn = self.isn[direction]
  if isn then return sequence == (isn + 1) % TWO_32 end
  return length_bytes > 1
end

--- Learns a direction's digest; nil if too little of the segment was captured.
function streams:learn_digest(direction, frame, digest)
  self.digest_frame[direction] = frame
  self.digest[direction] = digest
  local other_frame = self.digest_frame[streams.opposite(direction)]
  if other_frame then self.complete_frame[math.floor(direction / 2)] = math.max(frame, other_frame) end
end

--- Whether a frame of a stream comes after both of its digests.
function streams:is_after_digests(stream, frame)
  local complete_frame = self.complete_frame[stream]
  return complete_frame ~= nil and frame > complete_frame
end

--- The digest that a frame shows; nil if none.
function streams:digest_on(direction, frame)
  if self.digest_frame[direction] ~= frame then return nil end
  return self.digest[direction]
end

return streams
