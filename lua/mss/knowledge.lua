-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- The table of known MSS and MTU values, and its hints for an MSS.
local knowledge = {}

local COLUMNS = { "quantity", "value", "family", "kind", "title", "decides", "source" }
-- IP and TCP headers without options, in bytes (RFC 9293, section 3.7.1; RFC 8200, section 8.3).
local HEADERS_BYTES = { [4] = 40, [6] = 60 }
-- A known MSS is better evidence than one that is computed from a known MTU.
local QUANTITY_RANK = { mss = 0, mtu = 1 }
local KIND_RANK = { exact = 0, ["rule-of-thumb"] = 2 }

local function split(line)
  local row, column = {}, 0
  for value in (line .. "\t"):gmatch("([^\t]*)\t") do
    column = column + 1
    if COLUMNS[column] then row[COLUMNS[column]] = value end
  end
  return row
end

local function present(value)
  return value ~= nil and value ~= "" and value ~= "-"
end

local function hint(row)
  local text = row.title
  if row.quantity == "mtu" then text = text .. " (MTU " .. row.value .. ")" end
  if row.kind == "rule-of-thumb" then text = text .. ", a rule of thumb" end
  if present(row.decides) then text = text .. "; would decide: " .. row.decides end
  if present(row.source) then text = text .. " [" .. row.source .. "]" end
  return text
end

local function add(index, row, family)
  local rank = (QUANTITY_RANK[row.quantity] or 0) + (KIND_RANK[row.kind] or 2)
  local mss = tonumber(row.value)
  if row.quantity == "mtu" then mss = mss - HEADERS_BYTES[family] end
  local hints = index[family][mss] or {}
  local place = #hints + 1
  while place > 1 and hints[place - 1].rank > rank do place = place - 1 end
  table.insert(hints, place, { rank = rank, text = hint(row) })
  index[family][mss] = hints
end

--- Reads the table from its lines (any iterator over strings).
function knowledge.parse(lines)
  local index = { [4] = {}, [6] = {} }
  for line in lines do
    line = line:gsub("\r$", "")
    local row = split(line)
    if not line:find("^#") and QUANTITY_RANK[row.quantity] and (row.value or ""):find("^%d+$")
      and row.title then
      for _, family in ipairs({ 4, 6 }) do
        if (row.family or ""):find(family, 1, true) then add(index, row, family) end
      end
    end
  end
  return index
end

--- The texts of all rows that fit an MSS, best first; `family` is 4 or 6.
function knowledge.hints(index, mss, family)
  local texts = {}
  for i, entry in ipairs(index[family][mss] or {}) do texts[i] = entry.text end
  return texts
end

return knowledge
