-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- What the data of a segment starts with.
local payload = {}

local byte, find, match, sub = string.byte, string.find, string.match, string.sub

-- TLS records (RFC 8446, section 5.1): type, version, length; a handshake message starts with its type (section 4).
local RECORD_HEADER_BYTES = 5
local HANDSHAKE, MAJOR_VERSION, LAST_MINOR_VERSION, CLIENT_HELLO, SERVER_HELLO = 22, 3, 3, 1, 2
local MOST_RECORD_BYTES = 16384 + 2048
local MESSAGE_HEADER_BYTES, VERSION_AND_RANDOM_BYTES, MOST_SESSION_ID_BYTES = 4, 2 + 32, 32

-- HAProxy's proxy-protocol.txt, sections 2.1 and 2.2: a line of at most 107 bytes, or a binary header.
local PROXY_LINE = "^PROXY [^\r\n]*\r\n()"
local PROXY_SIGNATURE = "\r\n\r\n\0\r\nQUIT\n"
local PROXY_HEADER_BYTES, PROXY_LENGTH_AT = 16, 15

local HTTP2_PREFACE = "PRI "

--- The most bytes that `may_hold_hello` looks at.
payload.SEARCHED_BYTES = 4

-- The position, from 1, after a header of the PROXY protocol; 1 if there is none.
local function after_proxy_header(bytes)
  if sub(bytes, 1, #PROXY_SIGNATURE) == PROXY_SIGNATURE and #bytes >= PROXY_HEADER_BYTES then
    local high, low = byte(bytes, PROXY_LENGTH_AT, PROXY_LENGTH_AT + 1)
    return PROXY_HEADER_BYTES + 256 * high + low + 1
  end
  return match(bytes, PROXY_LINE) or 1
end

-- Whether the messages in a range of positions are whole, each a type and three bytes of length before its content.
local function are_messages(bytes, at, record_end)
  while at + MESSAGE_HEADER_BYTES <= record_end do
    local _, high, middle, low = byte(bytes, at, at + MESSAGE_HEADER_BYTES - 1)
    at = at + MESSAGE_HEADER_BYTES + (high * 256 + middle) * 256 + low
  end
  return at == record_end
end

-- Whether a hello at a position has consistent lengths (RFC 8446, sections 4.1.2 and 4.1.3).
local function is_hello(bytes, start)
  local _, high, middle, low = byte(bytes, start, start + MESSAGE_HEADER_BYTES - 1)
  local message_end = start + MESSAGE_HEADER_BYTES + (high * 256 + middle) * 256 + low
  local at = start + MESSAGE_HEADER_BYTES + VERSION_AND_RANDOM_BYTES
  local session_id_bytes = at < message_end and byte(bytes, at)
  if not session_id_bytes or session_id_bytes > MOST_SESSION_ID_BYTES then return false end
  at = at + 1 + session_id_bytes
  if at + 3 > message_end then return false end
  if byte(bytes, start) == CLIENT_HELLO then
    local suite_high, suite_low = byte(bytes, at, at + 1)
    local suite_bytes = 256 * suite_high + suite_low
    at = at + 2 + suite_bytes
    if suite_bytes == 0 or suite_bytes % 2 ~= 0 or at >= message_end then return false end
    at = at + 1 + byte(bytes, at)
  else
    at = at + 3 -- the suite and the compression method
  end
  if at == message_end then return true end
  if at + 2 > message_end then return false end
  local extension_high, extension_low = byte(bytes, at, at + 1)
  return at + 2 + 256 * extension_high + extension_low == message_end
end

--- Whether the start of the data may be that of such a record, or of what may stand before it.
function payload.may_hold_hello(bytes)
  return byte(bytes) == HANDSHAKE or find(bytes, "^PROX") ~= nil or sub(bytes, 1, 4) == sub(PROXY_SIGNATURE, 1, 4)
end

--- Where a record with a ClientHello or ServerHello starts: the offset, from 0, and the bytes of the record, nil if
-- there is none. A header of the PROXY protocol may stand before it. The record must be whole, and its messages: else
-- what Wireshark shows of it depends on its version and on the records before it.
function payload.hello(bytes)
  local at = after_proxy_header(bytes)
  local type, major, minor, high, low, message = byte(bytes, at, at + RECORD_HEADER_BYTES)
  if type ~= HANDSHAKE or major ~= MAJOR_VERSION or minor > LAST_MINOR_VERSION then return nil end
  if message ~= CLIENT_HELLO and message ~= SERVER_HELLO then return nil end
  local content, record_bytes = at + RECORD_HEADER_BYTES, 256 * high + low
  local record_end = content + record_bytes
  if record_bytes > MOST_RECORD_BYTES or record_end - 1 > #bytes then return nil end
  if not are_messages(bytes, content, record_end) or not is_hello(bytes, content) then return nil end
  return at - 1, RECORD_HEADER_BYTES + record_bytes
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
