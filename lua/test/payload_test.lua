-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

local payload = require("mss.payload")

local HELLO = "\22\3\1\0\80\1\0\0\76\3\3"
local PROXY_2 = "\r\n\r\n\0\r\nQUIT\n\33\17\0\12" .. ("a"):rep(12)

local function hello(bytes) return { payload.hello(bytes) } end

return function(check)
  check.same("a ClientHello at the start", { 0, 85 }, hello(HELLO))
  check.same("a ServerHello", { 0, 256 + 5 }, hello("\22\3\3\1\0\2"))
  check.same("after a PROXY line", { 40, 85 }, hello("PROXY TCP4 1.2.3.4 5.6.7.8 40000 44332\r\n" .. HELLO))
  check.same("after a PROXY header of version 2", { 28, 85 }, hello(PROXY_2 .. HELLO))
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
