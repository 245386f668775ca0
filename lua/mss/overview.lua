-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- The findings of a whole capture as text: the severest first, grouped by severity and code.
local overview = {}

-- No script can set the size of Wireshark's window for text; with the buttons of the menu it has about 85 columns.
local COLUMNS, INDENT = 76, "   "
local TEXTS_SHOWN, FRAMES_SHOWN = 5, 12
local RANK = { error = 1, warn = 2, note = 3, chat = 4, comment = 5 }
local UNKNOWN_RANK = 6

local function rank(finding)
  return RANK[finding.severity] or UNKNOWN_RANK
end

--- The findings of one packet, the severest first. mssbridge writes the mildest first, because Wireshark 3.4 shows
-- only the last comment; so those of one severity change their order too, and are in the order of the report.
function overview.severest_first(findings)
  local places = {}
  for i, finding in ipairs(findings) do places[i] = { rank = rank(finding), place = -i, finding = finding } end
  table.sort(places, function(one, other)
    if one.rank ~= other.rank then return one.rank < other.rank end
    return one.place < other.place
  end)
  local sorted = {}
  for i, place in ipairs(places) do sorted[i] = place.finding end
  return sorted
end

-- The text without the name of the other capture and the frame there, which differ in each packet.
local function common_text(finding)
  local peer_frame = finding.peer_frame
  if not peer_frame then return finding.text end
  return (finding.text:gsub(": [^:]* frame " .. string.format("%d", peer_frame) .. "$", ""))
end

--- Groups `packets`, a list of { frame = …, findings = … } in the order of the capture. A group has `code`,
-- `severity`, `frames` and `texts`, each text with its own `frames`.
function overview.groups(packets)
  local groups, by_name = {}, {}
  for _, packet in ipairs(packets) do
    for _, finding in ipairs(packet.findings) do
      local name = (finding.severity or "") .. " " .. finding.code
      local group = by_name[name]
      if not group then
        group = { code = finding.code, severity = finding.severity or "", rank = rank(finding),
          place = #groups, frames = {}, texts = {}, by_text = {} }
        by_name[name], groups[#groups + 1] = group, group
      end
      if group.frames[#group.frames] ~= packet.frame then group.frames[#group.frames + 1] = packet.frame end
      local said = common_text(finding)
      local text = group.by_text[said]
      if not text then
        text = { text = said, frames = {} }
        group.by_text[said], group.texts[#group.texts + 1] = text, text
      end
      if text.frames[#text.frames] ~= packet.frame then text.frames[#text.frames + 1] = packet.frame end
    end
  end
  table.sort(groups, function(one, other)
    if one.rank ~= other.rank then return one.rank < other.rank end
    return one.place < other.place
  end)
  return groups
end

-- Adds the words of a text to `lines`, in lines that the window does not break again.
local function add_wrapped(lines, text)
  local line = INDENT
  for word in text:gmatch("%S+") do
    -- Bytes after the first one of a character of UTF-8 take no column.
    local _, columns = (line .. " " .. word):gsub("[^\128-\191]", "")
    if line == INDENT then
      line = INDENT .. word
    elseif columns > COLUMNS then
      lines[#lines + 1] = line
      line = INDENT .. word
    else
      line = line .. " " .. word
    end
  end
  if line ~= INDENT then lines[#lines + 1] = line end
end

local function counted(count, noun)
  return string.format("%d %s%s", count, noun, count == 1 and "" or "s")
end

local function frame_list(frames)
  local shown = {}
  for i = 1, math.min(#frames, FRAMES_SHOWN) do shown[i] = string.format("%d", frames[i]) end
  return (#frames == 1 and "frame " or "frames ") .. table.concat(shown, ", ")
    .. (#frames > FRAMES_SHOWN and string.format(" and %d more", #frames - FRAMES_SHOWN) or "")
end

--- The text for groups of findings on so many packets.
function overview.text(groups, packet_count)
  local lines = { string.format("%s on %s, the severest first", counted(#groups, "kind") .. " of findings",
    counted(packet_count, "packet")) }
  for _, group in ipairs(groups) do
    lines[#lines + 1] = ""
    lines[#lines + 1] = string.format("%-7s %s, %s", group.severity:upper(), group.code,
      counted(#group.frames, "packet"))
    for i = 1, math.min(#group.texts, TEXTS_SHOWN) do
      add_wrapped(lines, group.texts[i].text)
      add_wrapped(lines, frame_list(group.texts[i].frames))
    end
    if #group.texts > TEXTS_SHOWN then
      add_wrapped(lines, string.format("and %d other texts: filter mss.finding.code == \"%s\"",
        #group.texts - TEXTS_SHOWN, group.code))
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

--- The display filter for the packets of a group. A comment may hold any severity, so only a known one is quoted.
function overview.filter(group)
  local filter = string.format('mss.finding.code == "%s"', group.code)
  if not RANK[group.severity] then return filter end
  return string.format('%s && mss.finding.severity == "%s"', filter, group.severity)
end

--- Every packet of every group, the severest group first: a list of { frame = …, group = …, place = … }, the place
-- being that within its group.
function overview.stops(groups)
  local stops = {}
  for _, group in ipairs(groups) do
    for place, frame in ipairs(group.frames) do
      stops[#stops + 1] = { frame = frame, group = group, place = place }
    end
  end
  return stops
end

return overview
