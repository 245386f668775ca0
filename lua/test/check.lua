-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- Counts passed and failed checks, and prints each failure immediately.
local check = { passed = 0, failed = 0 }

local function show(value)
  if type(value) ~= "table" then return tostring(value) end
  local parts = {}
  for key, part in pairs(value) do parts[#parts + 1] = tostring(key) .. "=" .. show(part) end
  table.sort(parts)
  return "{" .. table.concat(parts, ", ") .. "}"
end

--- Passes if both values have the same content.
function check.same(story, expected, actual)
  if show(expected) == show(actual) then
    check.passed = check.passed + 1
  else
    check.failed = check.failed + 1
    print("FAILED " .. story .. "\n  expected " .. show(expected) .. "\n  but was  " .. show(actual))
  end
end

return check
