-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

local knowledge = require("mss.knowledge")

local TABLE = [[
# values
quantity	value	family	kind	title	decides	source
mtu	1420	46	rule-of-thumb	a tunnel	-	p0f
mtu	1420	46	exact	WireGuard	UDP port 51820	its list
mss	1380	4	exact	a firewall's default	its model	its guide
overhead	60	46	exact	not a size	-	-
mss	abc	4	exact	no number	-	-
mss	536	4
]]

local function hints(mss, family, text)
  local index = knowledge.parse((text or TABLE):gmatch("([^\n]*)\n"))
  return knowledge.hints(index, mss, family)
end

-- From the table that is shipped.
local function shipped(mss, family)
  local file = assert(io.open("knowledge.tsv"))
  local index = knowledge.parse(file:lines())
  file:close()
  return knowledge.hints(index, mss, family)
end

return function(check)
  check.same("every row that fits, best first", {
    "a firewall's default; would decide: its model [its guide]",
    "WireGuard (MTU 1420); would decide: UDP port 51820 [its list]",
    "a tunnel (MTU 1420), a rule of thumb [p0f]",
  }, hints(1380, 4))
  check.same("IPv6 takes 60 bytes of an MTU", 2, #hints(1360, 6))
  check.same("a row for IPv4 does not fit IPv6", 0, #hints(1380, 6))
  check.same("IPv4 does not take 60 bytes of an MTU", 0, #hints(1360, 4))
  check.same("other quantities are no hints", 0, #hints(60, 4))
  check.same("a truncated row is no hint", 0, #hints(536, 4))
  check.same("an unknown value has no hints", 0, #hints(1234, 4))
  check.same("Windows line endings", "t [s]", hints(1, 4, "mss\t1\t4\texact\tt\t\ts\r\n")[1])
  check.same("an empty table", 0, #hints(1380, 4, "\n"))
  check.same("1380 has more than one cause", true, #shipped(1380, 4) > 1)
  check.same("1460 is known", true, #shipped(1460, 4) > 0)
  check.same("1440 is known for IPv6", true, #shipped(1440, 6) > 0)
end
