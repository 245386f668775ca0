-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- Runs the tests of the modules: `cd lua && lua5.4 test/run.lua`, and the same with lua5.2.
-- Wireshark runs every .lua file of a plugin folder; this one does nothing there.
if Proto then return end

package.path = "./?.lua;" .. package.path
local check = require("test.check")
-- The number of checks in each test, so that a check that never ran is noticed.
local STORIES = { digest = 13, comment = 27, knowledge = 12, streams = 27, payload = 31, modules = 8, overview = 13 }

for name, expected in pairs(STORIES) do
  local before = check.passed + check.failed
  require("test." .. name .. "_test")(check)
  check.same("number of checks in " .. name, expected, check.passed + check.failed - before)
end
print(string.format("%d passed, %d failed", check.passed, check.failed))
os.exit(check.failed == 0)
