-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

local overview = require("mss.overview")

local function finding(severity, code, text, peer_frame)
  return { severity = severity, code = code, text = text, peer_frame = peer_frame }
end

return function(check)
  local chat, note, warn = finding("chat", "a", "x"), finding("note", "b", "y"), finding("warn", "c", "z")
  local other_note, odd = finding("note", "d", "v"), finding("fatal", "e", "w")
  check.same("the severest finding is first", { warn, note, chat }, overview.severest_first({ chat, note, warn }))
  check.same("findings of one severity change their order", { "d", "b", "e" }, (function()
    local codes = {}
    for i, each in ipairs(overview.severest_first({ odd, note, other_note })) do codes[i] = each.code end
    return codes
  end)())

  local packets = {
    { frame = 1, findings = { finding("note", "isn.rewritten", "ISN 1 became 2: server.pcap frame 7", 7) } },
    { frame = 2, findings = { finding("error", "sack.untranslated", "the blocks are left: server.pcap frame 8", 8),
      finding("note", "isn.rewritten", "ISN 5 became 6: server.pcap frame 8", 8) } },
    { frame = 4, findings = { finding("error", "sack.untranslated", "the blocks are left: server.pcap frame 9", 9) } },
  }
  local groups = overview.groups(packets)
  check.same("one group per code", { "sack.untranslated", "isn.rewritten" }, { groups[1].code, groups[2].code })
  check.same("frames of a group", { 2, 4 }, groups[1].frames)
  check.same("texts that differ in the frame of the other capture are one", 1, #groups[1].texts)
  check.same("texts that differ otherwise are not", 2, #groups[2].texts)
  check.same("the text", [[
2 kinds of findings on 3 packets, the severest first

ERROR   sack.untranslated, 2 packets
   the blocks are left
   frames 2, 4

NOTE    isn.rewritten, 2 packets
   ISN 1 became 2
   frame 1
   ISN 5 became 6
   frame 2
]], overview.text(groups, 3))
  check.same("a text is broken once, and none of its words is lost", { true, 40 }, (function()
    local text = overview.text(overview.groups({ { frame = 1, findings = {
      finding("note", "a.b", string.rep("wörd ", 40)) } } }), 1)
    local fits = true
    for line in text:gmatch("[^\n]+") do
      local _, columns = line:gsub("[^\128-\191]", "")
      fits = fits and columns <= 76
    end
    local _, words = text:gsub("wörd", "")
    return { fits, words }
  end)())
  check.same("the filter of a group", 'mss.finding.code == "sack.untranslated" && mss.finding.severity == "error"',
    overview.filter(groups[1]))
  check.same("no foreign text becomes part of a filter", 'mss.finding.code == "a.b"',
    overview.filter({ code = "a.b", severity = 'x" || "' }))
  local many = {}
  for frame = 1, 20 do
    many[frame] = { frame = frame, findings = { finding("note", "a.b", "text " .. frame) } }
  end
  local text = overview.text(overview.groups(many), 20)
  check.same("a group shows its first texts and counts the others", { true, false },
    { text:find("and 15 other texts", 1, true) ~= nil, text:find("text 6\n", 1, true) ~= nil })
  for _, packet in ipairs(many) do packet.findings[1].text = "one text" end
  check.same("a text shows its first frames and counts the others", true,
    overview.text(overview.groups(many), 20):find("11, 12 and 8 more", 1, true) ~= nil)
  local stops = {}
  for i, stop in ipairs(overview.stops(groups)) do stops[i] = { stop.group.code, stop.frame, stop.place } end
  check.same("the stops, severest first", { { "sack.untranslated", 2, 1 }, { "sack.untranslated", 4, 2 },
    { "isn.rewritten", 1, 1 }, { "isn.rewritten", 2, 2 } }, stops)
end
