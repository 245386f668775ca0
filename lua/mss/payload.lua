-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- What the data of a segment starts with.
local payload = {}

local byte, find, match, sub = string.byte, string.find, string.match, string.sub

-- TLS records (RFC 8446, section 5.1): type, version, length; a handshake message starts with its type (section 4).
local RECORD_HEADER_BYTES = 5
local HANDSHAKE, MAJOR_VERSION, CLIENT_HELLO, SERVER_HELLO = 22, 3, 1, 2

-- HAProxy's proxy-protocol.txt, sections 2.1 and 2.2: a line of at most 107 bytes, or a binary header.
local PROXY_LINE = "^PROXY [^\r\n]*\r\n()"
local PROXY_SIGNATURE = "\r\n\r\n\0\r\nQUIT\n"
local PROXY_HEADER_BYTES, PROXY_LENGTH_AT = 16, 15

local HTTP2_PREFACE = "PRI "

--- The most bytes that `hello` looks at.
payload.SEARCHED_BYTES = 256

-- The position, from 1, after a header of the PROXY protocol; 1 if there is none.
local function after_proxy_header(bytes)
  if sub(bytes, 1, #PROXY_SIGNATURE) == PROXY_SIGNATURE and #bytes >= PROXY_HEADER_BYTES then
    local high, low = byte(bytes, PROXY_LENGTH_AT, PROXY_LENGTH_AT + 1)
    return PROXY_HEADER_BYTES + 256 * high + low + 1
  end
  return match(bytes, PROXY_LINE) or 1
end

--- Where a record with a ClientHello or ServerHello starts: the offset, from 0, and the bytes of the record, nil if
-- there is none. A header of the PROXY protocol may stand before it.
function payload.hello(bytes)
  local at = after_proxy_header(bytes)
  local type, major, _, high, low, message = byte(bytes, at, at + RECORD_HEADER_BYTES)
  if type ~= HANDSHAKE or major ~= MAJOR_VERSION then return nil end
  if message ~= CLIENT_HELLO and message ~= SERVER_HELLO then return nil end
  return at - 1, RECORD_HEADER_BYTES + 256 * high + low
end

--- The bytes of the request line or status line that the data starts with (RFC 9112, section 2.1), with its end;
-- nil if it starts with neither. A line that is not complete is one if its start looks like one. The preface of HTTP/2
-- (RFC 9113, section 3.4) is none: newer versions of Wireshark would look into all that follows it.
function payload.http_line(bytes)
  if sub(bytes, 1, #HTTP2_PREFACE) == HTTP2_PREFACE then return nil end
  local _, line_end = find(bytes, "\n", 1, true)
  local line = sub(bytes, 1, line_end)
  local is_http = find(line, "^HTTP/%d%.%d %d%d%d")
    or find(line, "^%u[%u-]* %S+ HTTP/%d%.%d\r?\n")
    or not line_end and (find(line, "^%u[%u-]* /") or find(line, "^%u[%u-]* https?://"))
  return is_http and #line or nil
end

return payload
