package org.mssbridge.model;

/** A way to carry packets inside other packets. */
public enum TunnelKind {
  /** RFC 7348. */
  VXLAN("VXLAN"),
  /** RFC 8926. */
  GENEVE("Geneve"),
  /** RFC 2784. */
  GRE("GRE"),
  /** RFC 2003. */
  IPV4_IN_IPV4("IPv4 in IPv4"),
  /** RFC 4213. */
  IPV6_IN_IPV4("IPv6 in IPv4"),
  /** RFC 2473. */
  IPV4_IN_IPV6("IPv4 in IPv6"),
  /** RFC 2473. */
  IPV6_IN_IPV6("IPv6 in IPv6"),
  /** RFC 2661, RFC 3931. */
  L2TP("L2TP"),
  /** RFC 2516. */
  PPPOE("PPPoE"),
  /** RFC 3032. */
  MPLS("MPLS"),
  /** 3GPP TS 29.281. */
  GTP_U("GTP-U"),
  /** RFC 4380. */
  TEREDO("Teredo"),
  /** RFC 4303. */
  ESP("ESP"),
  WIREGUARD("WireGuard"),
  OPENVPN("OpenVPN"),
  /** How Cisco's switches carry mirrored packets. */
  ERSPAN("ERSPAN"),
  /** Another one. */
  OTHER("another tunnel");

  private final String label;

  TunnelKind(String label) {
    this.label = label;
  }

  /** Whether its content cannot be read without its keys. */
  public boolean isEncrypted() {
    return this == ESP || this == WIREGUARD || this == OPENVPN;
  }

  /** Its usual name. */
  public String label() {
    return label;
  }
}
