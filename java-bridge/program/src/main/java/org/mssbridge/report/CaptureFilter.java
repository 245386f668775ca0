package org.mssbridge.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.Tunnel;
import org.mssbridge.model.TunnelKind;

/**
 * A capture filter (pcap-filter) for some hosts and ports, with their fragments and all ICMP, also
 * inside the tags and tunnels in which the connections are seen.
 *
 * @param text the filter
 * @param isOfEthernet whether it looks into tags that the interface {@code any} of Linux cannot
 *     look into
 */
public record CaptureFilter(String text, boolean isOfEthernet) {
  /** With more hosts, or more ports, than this the filter is shorter and passes more. */
  private static final int MOST_TERMS = 4;

  /** So many tags or labels are looked through; a filter has an end. */
  private static final int MOST_TAGS = 4;

  /** Of an IPv4 header: the offset of a fragment (RFC 791, section 3.1). */
  private static final String IPV4_FRAGMENT = "ip[6:2] & 0x1fff != 0";

  /** Of an IPv6 header: a fragment header comes next (RFC 8200, section 4.5). */
  private static final String IPV6_FRAGMENT = "ip6[6] = 44";

  private static final String ICMP = "icmp or icmp6";

  private static final String VLAN = "vlan";
  private static final String MPLS = "mpls";
  private static final String PPPOE = "pppoes";

  /** What passes all frames with a tag, whatever is in them. */
  private static final Map<String, String> WHOLE =
      Map.of(
          VLAN, "ether proto 0x8100 or ether proto 0x88a8",
          MPLS, "ether proto 0x8847",
          PPPOE, "ether proto 0x8864");

  /**
   * What passes all packets of a tunnel over IP, by its protocol number or its registered port: the
   * filter language cannot look into most of them.
   */
  private static final Map<TunnelKind, String> TUNNELS =
      Map.ofEntries(
          Map.entry(TunnelKind.VXLAN, overUdp("udp port 4789 or udp port 8472")),
          Map.entry(TunnelKind.GENEVE, overUdp("udp port 6081")),
          Map.entry(TunnelKind.GRE, "proto 47"),
          Map.entry(TunnelKind.ERSPAN, "proto 47"),
          Map.entry(TunnelKind.IPV4_IN_IPV4, "proto 4"),
          Map.entry(TunnelKind.IPV4_IN_IPV6, "proto 4"),
          Map.entry(TunnelKind.IPV6_IN_IPV4, "proto 41"),
          Map.entry(TunnelKind.IPV6_IN_IPV6, "proto 41"),
          Map.entry(TunnelKind.L2TP, overUdp("udp port 1701 or proto 115")),
          Map.entry(TunnelKind.GTP_U, overUdp("udp port 2152")),
          Map.entry(TunnelKind.TEREDO, overUdp("udp port 3544")));

  /** A host and a port of the server, as the host sees them. */
  record Term(String host, boolean ipv6, int port) {}

  /**
   * What is in front of a connection's IP header.
   *
   * @param tags on the link, as the filter language calls them, from the outermost on
   * @param tunnels what passes the tunnels over IP
   */
  record Layers(List<String> tags, Set<String> tunnels) {
    /** The layers of a flow's packets; where there are tags and a tunnel, also without the tags. */
    static Set<Layers> of(Flow flow) {
      List<String> onLink = new ArrayList<>();
      Set<String> tunnels = new LinkedHashSet<>();
      flow.anyTunnel().ifPresent(tunnel -> add(tunnel, onLink, tunnels));
      List<String> tags = new ArrayList<>(Collections.nCopies(flow.vlanTags(), VLAN));
      tags.addAll(onLink);
      Set<Layers> layers = new LinkedHashSet<>();
      layers.add(of(tags, tunnels));
      layers.add(of(onLink, tunnels));
      return layers;
    }

    private static Layers of(List<String> tags, Set<String> tunnels) {
      return new Layers(List.copyOf(tags.subList(0, Math.min(MOST_TAGS, tags.size()))), tunnels);
    }

    private static void add(Tunnel tunnel, List<String> tags, Set<String> tunnels) {
      for (TunnelKind kind : tunnel.kinds()) {
        if (kind == TunnelKind.PPPOE) {
          tags.add(PPPOE);
        } else if (kind == TunnelKind.MPLS) {
          // Beyond IP, the overhead counts more than labels.
          int labels = tunnel.isOverIp() ? 1 : labels(tunnel);
          tags.addAll(Collections.nCopies(labels, MPLS));
        } else if (TUNNELS.containsKey(kind)) {
          tunnels.add(TUNNELS.get(kind));
        } else if (tunnel.isOverIp()) {
          tunnels.add("(host " + tunnel.source() + " and host " + tunnel.destination() + ")");
        }
      }
    }

    private static int labels(Tunnel tunnel) {
      int pppoeBytes = tunnel.kinds().contains(TunnelKind.PPPOE) ? Tunnel.PPPOE_BYTES : 0;
      return Math.max(1, (tunnel.overheadBytes() - pppoeBytes) / Tunnel.MPLS_ENTRY_BYTES);
    }
  }

  /** Later fragments of a datagram have no ports. */
  private static String overUdp(String ports) {
    return ports + " or " + IPV4_FRAGMENT;
  }

  /** The filter for these hosts and ports, plain and in these layers. */
  static CaptureFilter of(Set<Term> terms, Set<Layers> layers) {
    Set<String> tunnels = new LinkedHashSet<>();
    List<String> longest = List.of();
    for (Layers one : layers) {
      tunnels.addAll(one.tunnels());
      longest = one.tags().size() > longest.size() ? one.tags() : longest;
    }
    List<String> plain = new ArrayList<>();
    plain.add(plain(terms));
    plain.addAll(tunnels);
    String inside = String.join(" or ", plain);
    // A tag moves the offsets of all that follows in a filter. So there is one chain, at the end.
    Set<String> others = new LinkedHashSet<>();
    for (Layers one : layers) {
      if (!longest.subList(0, one.tags().size()).equals(one.tags())) {
        others.add(WHOLE.get(one.tags().get(0)));
      }
    }
    StringBuilder text = new StringBuilder(inside);
    others.forEach(whole -> text.append(" or ").append(whole));
    longest.forEach(tag -> text.append(" or (" + tag + " and (" + inside));
    text.append("))".repeat(longest.size()));
    return new CaptureFilter(text.toString(), longest.contains(VLAN) || longest.contains(MPLS));
  }

  private static String plain(Set<Term> terms) {
    if (!terms.isEmpty() && terms.size() <= MOST_TERMS) {
      return terms.stream()
          .map(
              term ->
                  String.format(
                      "(host %s and (tcp port %d or %s))",
                      term.host(), term.port(), term.ipv6() ? IPV6_FRAGMENT : IPV4_FRAGMENT))
          .collect(Collectors.joining(" or ", "", " or " + ICMP));
    }
    Set<Integer> ports = new TreeSet<>();
    terms.forEach(term -> ports.add(term.port()));
    String tcp =
        ports.isEmpty() || ports.size() > MOST_TERMS
            ? "tcp"
            : ports.stream().map(port -> "tcp port " + port).collect(Collectors.joining(" or "));
    return String.join(" or ", tcp, IPV4_FRAGMENT, IPV6_FRAGMENT, ICMP);
  }
}
