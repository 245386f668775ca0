-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

local MODULES = { "codes", "comment", "digest", "fields", "knowledge", "overview", "payload", "streams" }

-- Wireshark runs each file of a plugin folder, and a module a second time when it is required.
return function(check)
  for _, name in ipairs(MODULES) do
    local globals = {}
    for key in pairs(_G) do globals[key] = true end
    local first, second = dofile("mss/" .. name .. ".lua"), dofile("mss/" .. name .. ".lua")
    local new_globals = 0
    for key in pairs(_G) do if not globals[key] then new_globals = new_globals + 1 end end
    check.same(name .. " sets no globals and shares no state", { true, true, 0 },
      { type(first) == "table", first ~= second, new_globals })
  end
end
