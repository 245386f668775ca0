-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- Findings in packet comments: `TEXT [mssbridge/1 code=mss.clamped severity=warn …]`.
-- A capture may hold any comment, so only a comment of exactly this form is a finding.
local comment = {}

local MARK = "[mssbridge/1 "
local DISOWNING_CODE = "capture.foreign-comments"
local TEXT_KEYS = { "code", "severity", "group", "direction", "point", "peer" }
local NUMBER_KEYS = { "conn", "near", "far", "peer_frame" }
local UINT32_MAX = 4294967295

local function unescape(value)
  return (value:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

local function uint32(value)
  if not value or #value > 10 or not value:find("^%d+$") then return nil end
  local number = tonumber(value)
  return number <= UINT32_MAX and number or nil
end

-- A table of the words `key=value`; nil if a word has another form or a key is repeated.
local function attributes(words)
  local result = {}
  for word in words:gmatch("[^ ]+") do
    local key, value = word:match("^([a-z_]+)=(.*)$")
    if not key or result[key] then return nil end
    result[key] = unescape(value)
  end
  return result
end

--- The finding in a comment: `text` and the known keys; nil if the comment is not a finding.
function comment.parse(line)
  local from, to = line:find(MARK, 1, true)
  if not from or line:find(MARK, to + 1, true) then return nil end
  if line:find("[%c]") or line:sub(-1) ~= "]" then return nil end
  local words = line:sub(to + 1, -2)
  if words:find("[%[%]]") then return nil end
  local found = attributes(words)
  if not found or not found.code or not found.code:find("^[%w.-]+$") then return nil end
  local finding = { text = line:sub(1, from - 1):gsub(" +$", "") }
  for _, key in ipairs(TEXT_KEYS) do finding[key] = found[key] end
  for _, key in ipairs(NUMBER_KEYS) do finding[key] = uint32(found[key]) end
  return finding
end

--- The findings in a packet's comments, which are given in packet order.
-- If a packet had such comments before it was annotated, mssbridge adds one that disowns all comments before it.
function comment.findings(lines)
  local findings = {}
  for _, line in ipairs(lines) do
    local finding = comment.parse(line)
    if finding then
      if finding.code == DISOWNING_CODE then findings = {} end
      findings[#findings + 1] = finding
    end
  end
  return findings
end

return comment
