-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- Creates the fields and expert infos of the post-dissector.
local fields = {}

--- The attributes of a finding in display order; their fields have the prefix `mss.finding.`.
fields.FINDING_ATTRIBUTES = {
  "code", "severity", "group", "conn", "direction", "near", "far", "point", "peer", "peer_frame",
}

function fields.new()
  return {
    value = ProtoField.uint16("mss.value", "MSS announced", base.DEC),
    role = ProtoField.string("mss.role", "Announced by"),
    absent = ProtoField.bool("mss.absent", "MSS option absent"),
    malformed = ProtoField.bool("mss.malformed", "MSS option malformed"),
    misplaced = ProtoField.bool("mss.misplaced", "MSS option outside a SYN"),
    count = ProtoField.uint32("mss.count", "Number of MSS options", base.DEC),
    implied_mtu = ProtoField.uint32("mss.implied_mtu", "Implied MTU", base.DEC),
    room = ProtoField.uint32("mss.room", "Room below the link MTU", base.DEC),
    hint = ProtoField.string("mss.hint", "Possible reason"),
    previous = ProtoField.uint16("mss.previous", "MSS of the SYN before", base.DEC),
    limit = ProtoField.uint16("mss.limit", "MSS announced by the receiver", base.DEC),
    excess = ProtoField.uint32("mss.excess", "Bytes above the limit", base.DEC),
    payload_digest = ProtoField.string("mss.payload_digest", "Digest of the first data"),
    fragment_head = ProtoField.string("mss.fragment_head", "Ports and sequence number of the fragmented segment"),
    udp_ends = ProtoField.bytes("mss.udp_ends", "First and last bytes of UDP data"),
    too_big_mtu = ProtoField.uint32("mss.too_big.mtu", "MTU of the next hop", base.DEC),
    too_big_mss = ProtoField.uint32("mss.too_big.mss", "MSS that fits it", base.DEC),
    error = ProtoField.string("mss.error", "Plugin error"),
    finding = ProtoField.string("mss.finding", "Finding"),
    finding_code = ProtoField.string("mss.finding.code", "Code"),
    finding_severity = ProtoField.string("mss.finding.severity", "Severity"),
    finding_group = ProtoField.string("mss.finding.group", "Group"),
    finding_conn = ProtoField.uint32("mss.finding.conn", "Connection", base.DEC),
    finding_direction = ProtoField.string("mss.finding.direction", "Direction"),
    finding_near = ProtoField.uint32("mss.finding.near", "Near the sender", base.DEC),
    finding_far = ProtoField.uint32("mss.finding.far", "Near the receiver", base.DEC),
    finding_point = ProtoField.string("mss.finding.point", "Capture point"),
    finding_peer = ProtoField.string("mss.finding.peer", "Other capture point"),
    finding_peer_frame = ProtoField.uint32("mss.finding.peer_frame", "Frame there", base.DEC),
  }
end

--- The severities of findings, the severest first.
fields.SEVERITIES = { "error", "warn", "note", "chat", "comment" }

local function new_expert(name, text, group, severity)
  local made, info = pcall(ProtoExpert.new, name, text, group, severity)
  if made then return info end
  -- Wireshark 3.4 rejects its own group "Assumption".
  return ProtoExpert.new(name, text, expert.group.COMMENTS_GROUP, severity)
end

--- The expert infos: `above_limit`; one for each code, group and severity, such as
-- `path.lost.sequence.warn`, since a finding may be more or less severe than others of its code; and one for each
-- severity and group, such as `warn.protocol`, for codes that are not among `codes` (see mss/codes.lua).
-- Wireshark's dialog of expert infos groups by them and shows their text.
function fields.new_experts(codes)
  local experts = {
    above_limit = ProtoExpert.new("mss.above_limit", "Segment above the MSS of its receiver",
      expert.group.SEQUENCE, expert.severity.CHAT),
  }
  local groups = {
    assumption = expert.group.ASSUMPTION, protocol = expert.group.PROTOCOL,
    response = expert.group.RESPONSE_CODE, security = expert.group.SECURITY,
    sequence = expert.group.SEQUENCE, undecoded = expert.group.UNDECODED,
  }
  for _, severity in ipairs(fields.SEVERITIES) do
    local severity_id = expert.severity[severity:upper()]
    for group, group_id in pairs(groups) do
      local name = severity .. "." .. group
      experts[name] = new_expert("mss.expert." .. name, "Finding: " .. name, group_id, severity_id)
    end
    for _, row in ipairs(codes) do
      local code, group, meaning = row[1], row[2], row[3]
      experts[code .. "." .. group .. "." .. severity] = new_expert(
        "mss.expert." .. code .. "." .. severity, code .. ": " .. meaning, groups[group], severity_id)
    end
  end
  return experts
end

--- The expert info of a finding; nil if its severity or group is none that the program uses.
function fields.expert_of(experts, finding)
  local severity, group = finding.severity or "", finding.group or ""
  return experts[finding.code .. "." .. group .. "." .. severity] or experts[severity .. "." .. group]
end

return fields
