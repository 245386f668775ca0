-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

local payload = require("mss.payload")

local RANDOM = ("r"):rep(32)
-- Version, random, no session ID, two suites, one compression method, extensions of 4 bytes.
local CLIENT = "\1\0\0\49\3\3" .. RANDOM .. "\0\0\4\19\1\19\2\1\0\0\4\0\23\0\0"
local SERVER = "\2\0\0\38\3\3" .. RANDOM .. "\0\19\1\0"
local function record(content) return "\22\3\1\0" .. string.char(#content) .. content end
local HELLO = record(CLIENT)
local PROXY_2 = "\r\n\r\n\0\r\nQUIT\n\33\17\0\12" .. ("a"):rep(12)

local function hello(bytes) return { payload.hello(bytes) } end

return function(check)
  check.same("a ClientHello at the start", { 0, 58 }, hello(HELLO))
  check.same("a ServerHello", { 0, 47 }, hello(record(SERVER)))
  check.same("a ServerHello with a message after it", { 0, 51 }, hello(record(SERVER .. "\14\0\0\0")))
  check.same("a record before others", { 0, 58 }, hello(HELLO .. "\20\3\3\0\1\1"))
  check.same("a record that goes on in the next segment", {}, hello(HELLO:sub(1, 57)))
  check.same("a message that goes on in the next record", {}, hello(record(SERVER .. "\14\0\0\1")))
  check.same("a hello that goes on in the next record", {}, hello((record(CLIENT):gsub("\49", "\50"))))
  check.same("an unknown version of records", {}, hello((HELLO:gsub("^\22\3\1", "\22\3\4"))))
  check.same("suites beyond the message", {}, hello((HELLO:gsub("\0\0\4\19", "\0\0\99\19"))))
  check.same("no suites", {}, hello((HELLO:gsub("\0\0\4\19", "\0\0\0\19"))))
  check.same("a session ID that is too long", {}, hello((HELLO:gsub("\0\0\4\19", "\33\0\4\19"))))
  check.same("extensions beyond the message", {}, hello((HELLO:gsub("\4\0\23", "\5\0\23"))))
  check.same("after a PROXY line", { 40, 58 }, hello("PROXY TCP4 1.2.3.4 5.6.7.8 40000 44332\r\n" .. HELLO))
  check.same("after a PROXY header of version 2", { 28, 58 }, hello(PROXY_2 .. HELLO))
  check.same("nothing after the PROXY header", {}, hello(PROXY_2))
  check.same("a PROXY header cut off", {}, hello(PROXY_2:sub(1, 14)))
  check.same("a certificate", {}, hello("\22\3\3\0\80\11\0"))
  check.same("an encrypted record", {}, hello("\23\3\3\0\80\1\0"))
  check.same("an SSH banner", {}, hello("SSH-2.0-OpenSSH_9.2\r\n"))
  check.same("a record header alone", {}, hello(HELLO:sub(1, 5)))
  check.same("nothing", {}, hello(""))

  check.same("a request", 16, payload.http_line("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
  check.same("a method with a dash", 21, payload.http_line("M-SEARCH * HTTP/1.1\r\n\r\n"))
  check.same("a status line", 17, payload.http_line("HTTP/1.1 200 OK\r\n\r\n"))
  check.same("a request whose line does not end here", 9, payload.http_line("GET /long"))
  check.same("a proxy's request whose line does not end here", 13, payload.http_line("GET http://a/"))
  check.same("the preface of HTTP/2", nil, payload.http_line("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
  check.same("a mail server's greeting", nil, payload.http_line("EHLO client\r\n"))
  check.same("a line that mentions HTTP", nil, payload.http_line("say GET / HTTP/1.1\r\n"))
  check.same("a word", nil, payload.http_line("GET"))
  check.same("nothing as a line", nil, payload.http_line(""))
end
