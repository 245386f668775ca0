package org.mssbridge.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The headers that carry an IP packet inside others.
 *
 * @param kinds from the outermost on, at least one
 * @param source outermost source address; empty where the tunnel is directly on the link
 * @param destination outermost destination address
 * @param overheadBytes how much larger the packet is with these headers, counted where IP begins on
 *     a link without the tunnel; 0 where unknown
 */
public record Tunnel(List<TunnelKind> kinds, String source, String destination, int overheadBytes) {
  /** With the PPP protocol field (RFC 2516, section 4). */
  public static final int PPPOE_BYTES = 8;

  /** Of each label (RFC 3032, section 2.1). */
  public static final int MPLS_ENTRY_BYTES = 4;

  public Tunnel {
    kinds = List.copyOf(kinds);
  }

  /** One that is directly on the link. */
  public static Tunnel onLink(TunnelKind kind, int overheadBytes) {
    return new Tunnel(List.of(kind), "", "", overheadBytes);
  }

  /** Such as {@code VXLAN} or {@code GRE in PPPoE}. */
  public String name() {
    return kinds.size() == 1
        ? kinds.get(0).label()
        : kinds.stream().map(TunnelKind::label).collect(Collectors.joining(" with ")) + " inside";
  }

  /** Whether its outermost headers are between IP addresses. */
  public boolean isOverIp() {
    return !source.isEmpty();
  }
}
