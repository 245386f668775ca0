-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- Post-dissector "mss": what each packet says about TCP's maximum segment size, as fields.
-- Wireshark and tshark 3.4 to 4.6. Fields, preferences and limits: README.md beside this file.
if not Proto then return end

local folder = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or "./"
if not package.path:find(folder .. "?.lua", 1, true) then
  package.path = folder .. "?.lua;" .. package.path
end
local comment = require("mss.comment")
local declared = require("mss.fields")
local digest = require("mss.digest")
local knowledge = require("mss.knowledge")
local streams = require("mss.streams")

-- IP and TCP headers without options, in bytes (RFC 9293, section 3.7.1).
local IPV4_HEADERS_BYTES, IPV6_HEADERS_BYTES = 40, 60
local IP_PROTOCOL_TCP = 6
-- In a TCP header, in bytes (RFC 9293, section 3.1).
local SEQUENCE_AT, DATA_OFFSET_AT = 4, 12
local DIGEST_BYTES = 64
local ICMP_UNREACHABLE, ICMPV6_TOO_BIG = 3, 2

local mss = Proto("mss", "TCP Maximum Segment Size")

local fields, experts = declared.new(), declared.new_experts()
mss.fields, mss.experts = fields, experts
mss.prefs.link_mtu = Pref.uint("Link MTU", 1500, "The MTU, in bytes, that mss.room is counted from")
mss.prefs.handshakes = Pref.bool("Handshakes", true, "Add what SYNs and SYN/ACKs say of the MSS")
mss.prefs.hints = Pref.bool("Hints", true, "Name what an MSS can mean, from the table of known values")

-- Every field named here costs something on each packet that has it, whether it is read or not. What
-- only SYNs need is therefore read from their header's bytes.
local frame_comment = Field.new("frame.comment")
local icmp_type = Field.new("icmp.type")
local icmp_mtu = Field.new("icmp.mtu")
local icmpv6_type = Field.new("icmpv6.type")
local icmpv6_mtu = Field.new("icmpv6.mtu")
local ip_proto = Field.new("ip.proto")
local tcp_stream = Field.new("tcp.stream")
local tcp_len = Field.new("tcp.len")
-- tshark's own expert infos tell a SYN without a look at the flags of every packet.
local tcp_syn = Field.new("tcp.connection.syn")
local tcp_syn_ack = Field.new("tcp.connection.synack")
local tcp_mss_option = Field.new("tcp.options.mss")
local tcp_mss_value = Field.new("tcp.options.mss_val")

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

function mss.init()
  seen = streams.new()
  knowledge_error_frame = nil
end

-- Where a packet has several headers of a kind, the innermost stands last.
local function last(field)
  local info, next_info = field()
  if next_info == nil then return info end
  local infos = { field() }
  return infos[#infos]
end

-- Not by way of `last`: this is called several times a packet.
local function last_value(field)
  local info, next_info = field()
  if next_info ~= nil then info = last(field) end
  return info and info.value
end

-- How many of the given infos stand behind a position, and the last of them.
local function behind(position, ...)
  local count, found = 0, nil
  for _, info in ipairs({ ... }) do
    if info.offset >= position then count, found = count + 1, info end
  end
  return count, found
end

-- The innermost IP header is the one that says TCP comes next; an outer one names the tunnel.
local function is_ipv4()
  return last_value(ip_proto) == IP_PROTOCOL_TCP
end

-- A number for the way that a segment goes in its stream. Reading a port from the packet itself is
-- several times cheaper than from a field, and one of the two is enough once the stream is known.
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

-- Where the innermost TCP header starts (tshark has tcp.stream stand there), and the bytes that this
-- is counted in.
local function tcp_header()
  local info = last(tcp_stream)
  return info.offset, info.source
end

local function sequence_number()
  local header, source = tcp_header()
  local a, b, c, d = source:raw(header + SEQUENCE_AT, 4):byte(1, 4)
  return ((a * 256 + b) * 256 + c) * 256 + d
end

-- The first bytes of the payload; nil where not all of them were captured.
local function payload(length_bytes)
  local header, source = tcp_header()
  local words = math.floor(source:raw(header + DATA_OFFSET_AT, 1):byte() / 16)
  local wanted_bytes = math.min(length_bytes, DIGEST_BYTES)
  local start = header + 4 * words
  if source:len() < start + wanted_bytes then return nil end
  return source:raw(start, wanted_bytes)
end

local function subtree(tree)
  return tree:add(mss)
end

local function add_flag(tree, field)
  tree:add(field, true):set_generated()
end

local function add(tree, field, value)
  tree:add(field, value):set_generated()
end

local function add_findings(tree, infos)
  local lines = {}
  for i, info in ipairs(infos) do lines[i] = info.value end
  local findings = comment.findings(lines)
  if #findings == 0 then return end
  local own = subtree(tree)
  for _, finding in ipairs(findings) do
    local item = own:add(fields.finding, finding.text)
    item:set_generated()
    for _, name in ipairs(declared.FINDING_ATTRIBUTES) do
      local value = finding[name]
      if value then add(item, fields["finding_" .. name], value) end
    end
    local info = experts[(finding.severity or "") .. "." .. (finding.group or "")]
    if info then item:add_proto_expert_info(info, finding.text) end
  end
end

local function add_too_big(tree, mtu_bytes, headers_bytes)
  if not mtu_bytes then return end
  local own = subtree(tree)
  add(own, fields.too_big_mtu, mtu_bytes)
  -- A router from before RFC 1191 leaves the MTU at 0.
  if mtu_bytes > headers_bytes then add(own, fields.too_big_mss, mtu_bytes - headers_bytes) end
end

local function add_meaning(tree, frame, value)
  local ipv4 = is_ipv4()
  local mtu_bytes = value + (ipv4 and IPV4_HEADERS_BYTES or IPV6_HEADERS_BYTES)
  add(tree, fields.implied_mtu, mtu_bytes)
  local link_mtu_bytes = mss.prefs.link_mtu
  if mtu_bytes < link_mtu_bytes then add(tree, fields.room, link_mtu_bytes - mtu_bytes) end
  if not mss.prefs.hints then return end
  if known_values then
    for _, hint in ipairs(knowledge.hints(known_values, value, ipv4 and 4 or 6)) do
      add(tree, fields.hint, hint)
    end
  else
    knowledge_error_frame = knowledge_error_frame or frame
    if frame == knowledge_error_frame then add(tree, fields.error, knowledge_error) end
  end
end

local function add_syn(tree, frame, direction, is_ack)
  local header = tcp_header()
  local option_count = behind(header, tcp_mss_option())
  local value_count, value_info = behind(header, tcp_mss_value())
  local value = value_info and value_info.value
  if not mss.prefs.handshakes then
    seen:learn_syn(direction, frame, sequence_number(), value or streams.ABSENT)
    return nil
  end
  local own = subtree(tree)
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
  seen:learn_syn(direction, frame, sequence_number(), value or streams.ABSENT)
  return own
end

local function add_digest(tree, own, frame, direction, length_bytes, is_syn)
  if seen:is_first_data(direction, frame, sequence_number(), length_bytes, is_syn) then
    local bytes = payload(length_bytes)
    seen:learn_digest(direction, frame, bytes and digest.fnv1a64(bytes))
  end
  local text = seen:digest_on(direction, frame)
  if not text then return own end
  own = own or subtree(tree)
  add(own, fields.payload_digest, text)
  return own
end

-- Found once: a method that is looked up on an object costs a search through its class.
local tree_add = TreeItem.add

local function add_limit(tree, own, frame, direction, length_bytes)
  local limit = seen:limit_before(direction, frame)
  -- An announced 0 limits nothing: receivers of it, Linux among them, take their default instead.
  if not limit or limit == 0 then return end
  if length_bytes <= limit then
    -- On most segments of a capture this is all there is: a subtree would double its cost, and the
    -- mark of a generated item adds a third.
    tree_add(own or tree, fields.limit, limit)
    return
  end
  own = own or subtree(tree)
  add(own, fields.limit, limit)
  local excess = own:add(fields.excess, length_bytes - limit)
  excess:set_generated()
  excess:add_proto_expert_info(experts.above_limit, string.format(
    "%d bytes above the MSS of %d that the receiver announced: usually segmentation offload on the "
    .. "capturing host, not a segment of this size on the wire", length_bytes - limit, limit))
end

local function add_tcp(tree, pinfo, length_bytes)
  local is_syn_ack = tcp_syn_ack() ~= nil
  local is_syn = is_syn_ack or tcp_syn() ~= nil
  if not is_syn and tcp_mss_option() then add_flag(subtree(tree), fields.misplaced) end
  if length_bytes == 0 and not is_syn then return end
  local stream = last_value(tcp_stream)
  if not stream then return end
  local frame, direction = pinfo.number, direction_of(stream, pinfo)
  local own
  if is_syn then own = add_syn(tree, frame, direction, is_syn_ack) end
  if length_bytes == 0 then return end
  if seen:may_have_digest(direction, frame) then
    own = add_digest(tree, own, frame, direction, length_bytes, is_syn)
  end
  add_limit(tree, own, frame, direction, length_bytes)
end

function mss.dissector(_, pinfo, tree)
  if frame_comment() then add_findings(tree, { frame_comment() }) end
  -- What an ICMP error quotes is not a segment of this packet.
  local type4, type6 = icmp_type(), icmpv6_type()
  if type4 or type6 then
    if type4 and last(icmp_type).value == ICMP_UNREACHABLE then
      add_too_big(tree, last_value(icmp_mtu), IPV4_HEADERS_BYTES)
    end
    if type6 and last(icmpv6_type).value == ICMPV6_TOO_BIG then
      add_too_big(tree, last_value(icmpv6_mtu), IPV6_HEADERS_BYTES)
    end
    return
  end
  local length_bytes = last_value(tcp_len)
  if length_bytes then add_tcp(tree, pinfo, length_bytes) end
end

-- Every field that is read leaves a short-lived object behind. Lua 5.4's generational collector takes
-- about a third off what this script costs; 5.2's was an experiment and is left alone.
if _VERSION == "Lua 5.4" then collectgarbage("generational") end

register_postdissector(mss)
