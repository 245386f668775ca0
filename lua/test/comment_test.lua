-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

local comment = require("mss.comment")

local CLAMPED = "MSS 1460 became 1380 before server.pcapng frame 1 [mssbridge/1 code=mss.clamped "
  .. "severity=warn group=protocol conn=0 direction=c2s near=1460 far=1380 peer=server peer_frame=1]"
local DISOWNED = "comments before this one were in the input [mssbridge/1 "
  .. "code=capture.foreign-comments severity=note group=security]"

local function codes(lines)
  local result = {}
  for i, finding in ipairs(comment.findings(lines)) do result[i] = finding.code end
  return table.concat(result, " ")
end

local function a_comment_is_read(check)
  check.same("all attributes", {
    text = "MSS 1460 became 1380 before server.pcapng frame 1", code = "mss.clamped",
    severity = "warn", group = "protocol", conn = 0, direction = "c2s", near = 1460, far = 1380,
    peer = "server", peer_frame = 1,
  }, comment.parse(CLAMPED))
  check.same("unknown keys of later versions are ignored", { text = "x", code = "a.b" },
    comment.parse("x [mssbridge/1 code=a.b colour=red]"))
  check.same("escaped blanks and brackets", "a b]%",
    comment.parse("x [mssbridge/1 code=a point=a%20b%5D%25]").point)
  check.same("brackets in the text", "x [1] y", comment.parse("x [1] y [mssbridge/1 code=a]").text)
  check.same("no text", "", comment.parse("[mssbridge/1 code=a]").text)
  check.same("an unknown severity is kept as text", "fatal",
    comment.parse("x [mssbridge/1 code=a severity=fatal]").severity)
  for _, number in ipairs({ "-1", "1.5", "0x10", "4294967296", "99999999999999", "", "1e3" }) do
    check.same("not a number: " .. number, nil,
      comment.parse("x [mssbridge/1 code=a conn=" .. number .. "]").conn)
  end
  check.same("the largest number", 4294967295,
    comment.parse("x [mssbridge/1 code=a conn=4294967295]").conn)
end

local function other_comments_are_not_findings(check)
  for story, line in pairs({
    ["plain text"] = "look here",
    ["another version"] = "x [mssbridge/2 code=a]",
    ["no code"] = "x [mssbridge/1 severity=warn]",
    ["text after the bracket"] = "x [mssbridge/1 code=a] y",
    ["two findings"] = "x [mssbridge/1 code=a] [mssbridge/1 code=b]",
    ["a key in capitals"] = "x [mssbridge/1 code=a Near=1]",
    ["a word without a value"] = "x [mssbridge/1 code=a near]",
    ["a key twice"] = "x [mssbridge/1 code=a code=b]",
    ["several lines"] = "x\n[mssbridge/1 code=a]",
  }) do
    check.same(story, nil, comment.parse(line))
  end
end

local function comments_of_the_input_are_disowned(check)
  check.same("findings keep their order", "mss.clamped a",
    codes({ CLAMPED, "by hand", "x [mssbridge/1 code=a]" }))
  check.same("forged findings are dropped", "capture.foreign-comments mss.clamped",
    codes({ "x [mssbridge/1 code=forged]", DISOWNED, CLAMPED }))
  check.same("a forged disowning does not hide what follows", "capture.foreign-comments mss.clamped",
    codes({ DISOWNED, DISOWNED, CLAMPED }))
  check.same("no findings", "", codes({ "by hand" }))
end

return function(check)
  a_comment_is_read(check)
  other_comments_are_not_findings(check)
  comments_of_the_input_are_disowned(check)
end
