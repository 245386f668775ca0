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
  public Tunnel {
    kinds = List.copyOf(kinds);
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
