-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

local MODULES = { "comment", "digest", "fields", "knowledge", "streams" }

-- Wireshark runs each file of a plugin folder, and a required one a second time.
return function(check)
  for _, name in ipairs(MODULES) do
    local globals = {}
    for key in pairs(_G) do globals[key] = true end
    local first, second = dofile("mss/" .. name .. ".lua"), dofile("mss/" .. name .. ".lua")
    local left = 0
    for key in pairs(_G) do if not globals[key] then left = left + 1 end end
    check.same(name .. " leaves nothing behind", { true, true, 0 },
      { type(first) == "table", first ~= second, left })
  end
end
