package org.mssbridge.tshark;

import java.util.HashMap;
import java.util.Map;

/** The fields that tshark prints, each with its name for {@code -e}. */
enum EkField {
  FRAME_NUMBER("frame.number"),
  FRAME_TIME("frame.time_epoch"),
  FRAME_PROTOCOLS("frame.protocols"),
  FRAME_BYTES("frame.len"),
  CAPTURED_BYTES("frame.cap_len"),
  IP_SOURCE("ip.src"),
  IP_DESTINATION("ip.dst"),
  IP_TTL("ip.ttl"),
  IP_ID("ip.id"),
  IP_FLAGS("ip.flags"),
  IP_FRAGMENT_OFFSET("ip.frag_offset"),
  IP_PROTOCOL("ip.proto"),
  IP_BYTES("ip.len"),
  IP_HEADER_BYTES("ip.hdr_len"),
  IP_CHECKSUM("ip.checksum"),
  IP_DS_FIELD("ip.dsfield"),
  IPV6_SOURCE("ipv6.src"),
  IPV6_DESTINATION("ipv6.dst"),
  IPV6_HOP_LIMIT("ipv6.hlim"),
  IPV6_PAYLOAD_BYTES("ipv6.plen"),
  IPV6_TRAFFIC_CLASS("ipv6.tclass"),
  IPV6_FRAGMENT_OFFSET("ipv6.fraghdr.offset"),
  IPV6_MORE_FRAGMENTS("ipv6.fraghdr.more"),
  IPV6_FRAGMENT_ID("ipv6.fraghdr.ident"),
  IPV6_FRAGMENT_PROTOCOL("ipv6.fraghdr.nxt"),
  MPLS_LABEL("mpls.label"),
  UDP_SOURCE_PORT("udp.srcport"),
  UDP_DESTINATION_PORT("udp.dstport"),
  UDP_BYTES("udp.length"),
  UDP_CHECKSUM("udp.checksum"),
  TCP_STREAM("tcp.stream"),
  TCP_SOURCE_PORT("tcp.srcport"),
  TCP_DESTINATION_PORT("tcp.dstport"),
  TCP_SEQUENCE("tcp.seq"),
  TCP_ACKNOWLEDGMENT("tcp.ack"),
  TCP_PAYLOAD_BYTES("tcp.len"),
  TCP_FLAGS("tcp.flags"),
  TCP_WINDOW("tcp.window_size_value"),
  TCP_CHECKSUM("tcp.checksum"),
  TCP_CHECKSUM_STATUS("tcp.checksum.status"),
  TCP_OPTIONS("tcp.options"),
  TCP_OPTION_KIND("tcp.option_kind"),
  TCP_MSS("tcp.options.mss_val"),
  TCP_WINDOW_SCALE("tcp.options.wscale.shift"),
  TCP_TIMESTAMP("tcp.options.timestamp.tsval"),
  TCP_SACK_LEFT("tcp.options.sack_le"),
  TCP_SACK_RIGHT("tcp.options.sack_re"),
  ICMP_TYPE("icmp.type"),
  ICMP_CODE("icmp.code"),
  ICMP_MTU("icmp.mtu"),
  ICMPV6_TYPE("icmpv6.type"),
  ICMPV6_CODE("icmpv6.code"),
  ICMPV6_MTU("icmpv6.mtu"),
  TLS_RANDOM("tls.handshake.random"),
  PAYLOAD_DIGEST("mss.payload_digest"),
  FRAGMENT_HEAD("mss.fragment_head"),
  UDP_ENDS("mss.udp_ends"),
  LUA_ERROR("_ws.lua.error");

  private final String filterName;

  EkField(String filterName) {
    this.filterName = filterName;
  }

  /** The name in display filters and after {@code -e}. */
  String filterName() {
    return filterName;
  }

  /** The index of the field in arrays with one element per field. */
  @SuppressWarnings("EnumOrdinal") // Arrays: a map would be queried a hundred times per frame.
  int column() {
    return ordinal();
  }

  /** The fields by the key that {@code -T ek} writes: dots become underscores. */
  static Map<String, EkField> byKey() {
    Map<String, EkField> fields = new HashMap<>();
    for (EkField field : values()) {
      fields.put(field.filterName.replace('.', '_'), field);
    }
    return fields;
  }
}
