-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- Post-dissector "mss": fields with what each packet shows about TCP's maximum segment size.
-- Wireshark and tshark 3.4 to 4.6. Fields, preferences and limits: README.md beside this file.
if not Proto then return end

-- Arguments of -X lua_script1:…
local wishes = {}
for _, wish in ipairs({ ... }) do wishes[wish] = true end

local folder = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or "./"
if not package.path:find(folder .. "?.lua", 1, true) then
  package.path = folder .. "?.lua;" .. package.path
end
local codes = require("mss.codes")
local comment = require("mss.comment")
local declared = require("mss.fields")
local digest = require("mss.digest")
local knowledge = require("mss.knowledge")
local overview = require("mss.overview")
local payload = require("mss.payload")
local streams = require("mss.streams")

-- IP and TCP headers without options, in bytes (RFC 9293, section 3.7.1).
local IPV4_HEADERS_BYTES, IPV6_HEADERS_BYTES = 40, 60
local IP_PROTOCOL_TCP = 6
-- Offsets in an IPv4 header, in bytes, and the flag "more fragments" (RFC 791, section 3.1).
local FLAGS_AT, PROTOCOL_AT, MORE_FRAGMENTS = 6, 9, 0x20
-- The fragment header of IPv6, and where its offset and flag are (RFC 8200, section 4.5).
local FRAGMENT_HEADER_BYTES, FRAGMENT_OFFSET_AT = 8, 2
-- Ports and sequence number, which a first fragment always holds: it has at least 8 bytes of content.
local FRAGMENT_HEAD_BYTES = 8
-- Offsets in a TCP header, in bytes (RFC 9293, section 3.1).
local SEQUENCE_AT, DATA_OFFSET_AT = 4, 12
local WORD_BYTES = 4
local DIGEST_BYTES = 64
-- A UDP header, and where its length is (RFC 768); so many bytes of its data are shown at either end.
local UDP_BYTES, UDP_LENGTH_AT, UDP_END_BYTES = 8, 4, 64
local ICMP_UNREACHABLE, ICMPV6_TOO_BIG = 3, 2

local mss = Proto("mss", "TCP Maximum Segment Size")

local fields, experts = declared.new(), declared.new_experts(codes)
mss.fields, mss.experts = fields, experts
mss.prefs.link_mtu = Pref.uint("Link MTU", 1500, "The MTU, in bytes, that mss.room is counted from")
mss.prefs.hints = Pref.bool("Hints", true, "Name what an MSS can mean, from the table of known values")
mss.prefs.digests_only = Pref.bool("Digests only", false,
  "Add mss.payload_digest and mss.fragment_head and nothing else, which is faster")

-- Each field declared here costs time on every packet that has it, whether it is read or not. What only
-- SYNs need is therefore read from the bytes of the header.
local frame_comment = Field.new("frame.comment")
local icmp_type = Field.new("icmp.type")
local icmp_mtu = Field.new("icmp.mtu")
local icmpv6_type = Field.new("icmpv6.type")
local icmpv6_mtu = Field.new("icmpv6.mtu")
local ip_proto = Field.new("ip.proto")
local tcp_stream = Field.new("tcp.stream")
local tcp_len = Field.new("tcp.len")
local ipv6_fragment_proto = Field.new("ipv6.fraghdr.nxt")
-- tshark's own expert infos identify a SYN without reading the flags of every packet.
local tcp_syn = Field.new("tcp.connection.syn")
local tcp_syn_ack = Field.new("tcp.connection.synack")
local tcp_mss_option = Field.new("tcp.options.mss")
local tcp_mss_value = Field.new("tcp.options.mss_val")
-- With the argument "udp-ends" only.
local udp_length = wishes["udp-ends"] and Field.new("udp.length")

-- Looked up once, because each method lookup on an object searches its class.
local raw, tvb_len = Tvb.raw, Tvb.len
local tree_add, set_generated = TreeItem.add, TreeItem.set_generated
local byte, find = string.byte, string.find

-- Copies of the preferences, because reading a preference takes longer than reading a field.
local link_mtu_bytes, hints_wanted, digests_only
local known_values, knowledge_error, knowledge_error_frame
local seen = streams.new()

local function read_knowledge()
  local file, reason = io.open(folder .. "knowledge.tsv")
  if not file then
    knowledge_error = "no hints, since the table of known values cannot be read: " .. reason
    return
  end
  known_values = knowledge.parse(file:lines())
  file:close()
end
read_knowledge()

local function read_preferences()
  link_mtu_bytes = mss.prefs.link_mtu
  hints_wanted = mss.prefs.hints
  digests_only = mss.prefs.digests_only
end
mss.prefs_changed = read_preferences

function mss.init()
  read_preferences()
  seen = streams.new()
  knowledge_error_frame = nil
end

-- The last of a field's infos: if a packet has several headers of a kind, the innermost one. It takes all infos
-- of one read, because each read creates an object for every info, which must be collected.
local function last(info, next_info, ...)
  if next_info == nil then return info end
  return select(select("#", ...) + 1, next_info, ...)
end

-- Calling an info returns its value, in half the time of reading its attribute.
local function value_of(info)
  return info and info()
end

-- How many of a field's infos are at or after a position, and the last of them.
local function from_position(position, info, next_info, ...)
  if next_info == nil then
    if info and info.offset >= position then return 1, info end
    return 0, nil
  end
  local count, found = 0, nil
  for _, each in ipairs({ info, next_info, ... }) do
    if each.offset >= position then count, found = count + 1, each end
  end
  return count, found
end

-- The innermost IP header names TCP as its protocol; an outer one names the tunnel.
local function is_ipv4()
  return value_of(last(ip_proto())) == IP_PROTOCOL_TCP
end

-- The number of a segment's direction (see mss/streams.lua). Reading a port from the packet itself is several
-- times cheaper than from a field, and once the stream is known, one of the two ports is enough.
local function direction_of(stream, pinfo)
  local source, low = pinfo.src_port, seen.low_port[stream]
  if low == nil then
    local destination = pinfo.dst_port
    low = source ~= destination and math.min(source, destination)
    seen.low_port[stream] = low
  end
  if low then return source == low and 2 * stream or 2 * stream + 1 end
  return 2 * stream + (tostring(pinfo.src) < tostring(pinfo.dst) and 0 or 1)
end

-- Reads the TCP header at `info`, its tcp.stream. Returns the sequence number, the offset of the payload, and
-- the buffer of both.
local function read_header(info)
  local start, source = info.offset, info.source
  local fixed = raw(source, start, DATA_OFFSET_AT + 1)
  local a, b, c, d = byte(fixed, SEQUENCE_AT + 1, SEQUENCE_AT + 4)
  local data_offset = byte(fixed, DATA_OFFSET_AT + 1)
  local header_bytes = WORD_BYTES * math.floor(data_offset / 16)
  return ((a * 256 + b) * 256 + c) * 256 + d, start + header_bytes, source
end

-- The first bytes of the payload; nil if they were not captured completely.
local function first_bytes(start, source, length_bytes)
  local wanted_bytes = length_bytes < DIGEST_BYTES and length_bytes or DIGEST_BYTES
  if tvb_len(source) < start + wanted_bytes then return nil end
  return raw(source, start, wanted_bytes)
end

local function subtree(tree)
  return tree_add(tree, mss)
end

local function add(tree, field, value)
  set_generated(tree_add(tree, field, value))
end

local function add_flag(tree, field)
  add(tree, field, true)
end

-- Returns the subtree, or nil if there are no findings. What else the packet has goes into the same one.
local function add_findings(tree, infos)
  local lines = {}
  for i, info in ipairs(infos) do lines[i] = info() end
  local findings = overview.severest_first(comment.findings(lines))
  if #findings == 0 then return nil end
  local own = subtree(tree)
  own:append_text(": " .. findings[1].text)
  for _, finding in ipairs(findings) do
    local item = own:add(fields.finding, finding.text)
    item:set_generated()
    for _, name in ipairs(declared.FINDING_ATTRIBUTES) do
      local value = finding[name]
      if value then add(item, fields["finding_" .. name], value) end
    end
    local info = declared.expert_of(experts, finding)
    if info then item:add_proto_expert_info(info, finding.text) end
  end
  return own
end

local function add_too_big(tree, own, mtu_bytes, headers_bytes)
  if not mtu_bytes then return end
  own = own or subtree(tree)
  add(own, fields.too_big_mtu, mtu_bytes)
  -- A router older than RFC 1191 leaves the MTU at 0.
  if mtu_bytes > headers_bytes then add(own, fields.too_big_mss, mtu_bytes - headers_bytes) end
end

local function add_meaning(tree, frame, value)
  local ipv4 = is_ipv4()
  local mtu_bytes = value + (ipv4 and IPV4_HEADERS_BYTES or IPV6_HEADERS_BYTES)
  add(tree, fields.implied_mtu, mtu_bytes)
  if mtu_bytes < link_mtu_bytes then add(tree, fields.room, link_mtu_bytes - mtu_bytes) end
  if not hints_wanted then return end
  if known_values then
    for _, hint in ipairs(knowledge.hints(known_values, value, ipv4 and 4 or 6)) do
      add(tree, fields.hint, hint)
    end
  else
    knowledge_error_frame = knowledge_error_frame or frame
    if frame == knowledge_error_frame then add(tree, fields.error, knowledge_error) end
  end
end

local function add_syn(tree, own, frame, direction, is_ack, header, isn)
  local option_count = from_position(header, tcp_mss_option())
  local value_count, value_info = from_position(header, tcp_mss_value())
  local value = value_of(value_info)
  own = own or subtree(tree)
  add(own, fields.role, is_ack and "server" or "client")
  if option_count == 0 then add_flag(own, fields.absent) end
  if option_count > value_count then add_flag(own, fields.malformed) end
  if option_count > 1 then add(own, fields.count, option_count) end
  if value then
    add(own, fields.value, value)
    add_meaning(own, frame, value)
  end
  local previous = seen:limit_before(streams.opposite(direction), frame)
  if previous and previous ~= value then add(own, fields.previous, previous) end
  seen:learn_syn(direction, frame, isn, value or streams.ABSENT)
  return own
end

local function add_limit(tree, own, frame, direction, length_bytes)
  local limit = seen:limit_before(direction, frame)
  -- An announced MSS of 0 limits nothing: hosts that receive it, such as Linux, use their default instead.
  if not limit or limit == 0 then return end
  own = own or subtree(tree)
  add(own, fields.limit, limit)
  if length_bytes <= limit then return end
  local excess = own:add(fields.excess, length_bytes - limit)
  excess:set_generated()
  excess:add_proto_expert_info(experts.above_limit, string.format(
    "%d bytes above the MSS of %d that the receiver announced: usually segmentation offload on the "
    .. "capturing host, not a segment of this size on the wire", length_bytes - limit, limit))
end

local function add_digest(tree, own, frame, direction, length_bytes, is_syn, sequence, data, source)
  if seen:is_first_data(direction, frame, sequence, length_bytes, is_syn) then
    local bytes = first_bytes(data, source, length_bytes)
    seen:learn_digest(direction, frame, bytes and digest.fnv1a64(bytes))
  end
  local text = seen:digest_on(direction, frame)
  if not text then return own end
  own = own or digests_only and tree or subtree(tree)
  add(own, fields.payload_digest, text)
  return own
end

-- What needs the bytes of the TCP header, which only few segments of a connection do.
local function add_start(tree, own, info, frame, direction, length_bytes, is_syn, is_syn_ack)
  local sequence, data, source = read_header(info)
  if is_syn then
    if digests_only then
      seen:learn_isn(direction, frame, sequence)
    else
      own = add_syn(tree, own, frame, direction, is_syn_ack, info.offset, sequence)
    end
  end
  if length_bytes > 0 and seen:may_have_digest(direction, frame) then
    own = add_digest(tree, own, frame, direction, length_bytes, is_syn, sequence, data, source)
  end
  return own
end

local function add_tcp(tree, own, pinfo, length_bytes)
  local is_syn_ack = tcp_syn_ack() ~= nil
  local is_syn = is_syn_ack or tcp_syn() ~= nil
  if not is_syn then
    if not digests_only and tcp_mss_option() then
      own = own or subtree(tree)
      add_flag(own, fields.misplaced)
    end
    if length_bytes == 0 then return end
  end
  local info = last(tcp_stream())
  if not info then return end
  local frame, direction = pinfo.number, direction_of(info(), pinfo)
  if is_syn or seen:may_have_digest(direction, frame) then
    own = add_start(tree, own, info, frame, direction, length_bytes, is_syn, is_syn_ack)
  end
  if length_bytes > 0 and not digests_only then
    add_limit(tree, own, frame, direction, length_bytes)
  end
end

-- Where the content of a first fragment with TCP starts, and its buffer; nil for any other packet. Dissectors do not
-- look into a fragment whose packet is incomplete.
local function first_fragment()
  local info = last(ipv6_fragment_proto())
  if info then
    if info() ~= IP_PROTOCOL_TCP or tvb_len(info.source) < info.offset + FRAGMENT_HEADER_BYTES then return nil end
    local high, low = byte(raw(info.source, info.offset + FRAGMENT_OFFSET_AT, 2), 1, 2)
    if high ~= 0 or low % 8 ~= 1 then return nil end
    return info.offset + FRAGMENT_HEADER_BYTES, info.source
  end
  info = last(ip_proto())
  if not info or info() ~= IP_PROTOCOL_TCP or info.offset < PROTOCOL_AT then return nil end
  local start, source = info.offset - PROTOCOL_AT, info.source
  local header = raw(source, start, PROTOCOL_AT)
  local flags, offset = byte(header, FLAGS_AT + 1, FLAGS_AT + 2)
  if offset ~= 0 or flags % 64 ~= MORE_FRAGMENTS then return nil end
  return start + WORD_BYTES * (byte(header, 1) % 16), source
end

local function add_fragment(tree, own)
  local start, source = first_fragment()
  if not start or tvb_len(source) < start + FRAGMENT_HEAD_BYTES then return end
  local head = raw(source, start, FRAGMENT_HEAD_BYTES)
  add(own or digests_only and tree or subtree(tree), fields.fragment_head,
    string.format("%02x%02x%02x%02x%02x%02x%02x%02x", byte(head, 1, FRAGMENT_HEAD_BYTES)))
end

local function add_icmp(tree, own)
  if value_of(last(icmp_type())) == ICMP_UNREACHABLE then
    add_too_big(tree, own, value_of(last(icmp_mtu())), IPV4_HEADERS_BYTES)
  end
  if value_of(last(icmpv6_type())) == ICMPV6_TOO_BIG then
    add_too_big(tree, own, value_of(last(icmpv6_mtu())), IPV6_HEADERS_BYTES)
  end
end

-- Whether only digests are wanted and the packet's connection has shown both, as most packets of most connections.
local function is_done(pinfo)
  local info = last(tcp_stream())
  return info ~= nil and seen:is_after_digests(info(), pinfo.number)
end

-- The first bytes of UDP data, then the last, as far as they were captured; nothing where UDP carries UDP.
local function add_udp_ends(tree)
  local info, another = udp_length()
  if not info or another then return end
  local start, source = info.offset + UDP_BYTES - UDP_LENGTH_AT, info.source
  local captured_bytes = math.min(info() - UDP_BYTES, tvb_len(source) - start)
  if captured_bytes <= 0 then return end
  local head_bytes = math.min(captured_bytes, UDP_END_BYTES)
  tree_add(tree, fields.udp_ends, source:range(start, head_bytes))
  local tail_bytes = math.min(captured_bytes - head_bytes, UDP_END_BYTES)
  if tail_bytes > 0 then
    tree_add(tree, fields.udp_ends, source:range(start + captured_bytes - tail_bytes, tail_bytes))
  end
end

function mss.dissector(_, pinfo, tree)
  if digests_only and is_done(pinfo) then return end
  local own
  if not digests_only and frame_comment() then own = add_findings(tree, { frame_comment() }) end
  if icmp_type() or icmpv6_type() then
    -- A TCP header that an ICMP error quotes is not a segment of this packet.
    if not digests_only then add_icmp(tree, own) end
    return
  end
  local length_bytes = value_of(last(tcp_len()))
  if length_bytes then
    add_tcp(tree, own, pinfo, length_bytes)
  else
    add_fragment(tree, own)
    if udp_length then add_udp_ends(tree) end
  end
end

-- With the argument "opaque-payload", no dissector looks into the data of a connection, since many would take data that
-- has the form of packets for packets on the wire. Two may see how a segment starts: TLS one record with a hello, HTTP
-- one line. It works only with -o tcp.try_heuristic_first:TRUE; the heuristic that was registered last is tried first.
if wishes["opaque-payload"] then
  local tls, http = Dissector.get("tls"), Dissector.get("http")
  -- The frame whose data is being looked at. A flag would stay set where a malformed message leaves by an exception,
  -- as with Wireshark 3.4, and nothing would be looked at any more.
  local within

  local function show_start(tvb, pinfo, tree)
    local captured_bytes = tvb_len(tvb)
    local start = raw(tvb, 0, math.min(captured_bytes, payload.SEARCHED_BYTES))
    if payload.may_hold_hello(start) then
      local at, length_bytes = payload.hello(raw(tvb, 0, captured_bytes))
      if at then tls:call(tvb:range(at, length_bytes):tvb(), pinfo, tree) end
    elseif find(start, "^%u") then
      local line_bytes = payload.http_line(raw(tvb, 0, captured_bytes))
      if line_bytes then http:call(tvb:range(0, line_bytes):tvb(), pinfo, tree) end
    end
  end

  mss:register_heuristic("tcp", function(tvb, pinfo, tree)
    if within ~= pinfo.number then -- HTTP after a CONNECT gives its data back to TCP.
      within = pinfo.number
      pcall(show_start, tvb, pinfo, tree) -- A malformed message is an error.
      within = nil
    end
    return true
  end)
end

-- Each read of a field creates short-lived objects. Lua 5.4's generational collector reduces the cost of this
-- script by about a third; that of 5.2 was experimental and is not used.
if _VERSION == "Lua 5.4" then collectgarbage("generational") end

register_postdissector(mss)
