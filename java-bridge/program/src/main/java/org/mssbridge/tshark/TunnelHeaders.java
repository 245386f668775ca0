package org.mssbridge.tshark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.model.Tunnel;
import org.mssbridge.model.TunnelKind;

/** The tunnels of a frame, read from tshark's list of its protocols. */
final class TunnelHeaders {
  private static final Map<String, TunnelKind> KINDS =
      Map.ofEntries(
          Map.entry("vxlan", TunnelKind.VXLAN),
          Map.entry("geneve", TunnelKind.GENEVE),
          Map.entry("gre", TunnelKind.GRE),
          Map.entry("erspan", TunnelKind.ERSPAN),
          Map.entry("l2tp", TunnelKind.L2TP),
          Map.entry("pppoes", TunnelKind.PPPOE),
          Map.entry("mpls", TunnelKind.MPLS),
          Map.entry("gtp", TunnelKind.GTP_U),
          Map.entry("teredo", TunnelKind.TEREDO),
          Map.entry("esp", TunnelKind.ESP),
          Map.entry("wg", TunnelKind.WIREGUARD),
          Map.entry("openvpn", TunnelKind.OPENVPN));

  /** What tshark calls a customer's tag and a provider's (IEEE 802.1Q). */
  private static final Set<String> VLAN_TAGS = Set.of("vlan", "ieee8021ad");

  private static final char[] EMPTY = {};

  /** What nearly all frames begin with. */
  private static final String ETHERNET = "eth:ethertype:ip";

  private final List<TunnelKind> kinds = new ArrayList<>(4);

  /** The kinds in front of the first IP header are the first ones. */
  private int onLink;

  /** How many of the kinds are in front of the innermost IP header. */
  private int around;

  private int ipHeaders;

  /** Number of VLAN tags in front of the first IP header. */
  private int vlanTags;

  /** The list that was read last: in a tunnel, most frames have the same one. */
  private char[] list = EMPTY;

  void clear() {
    kinds.clear();
    onLink = 0;
    around = 0;
    ipHeaders = 0;
    vlanTags = 0;
    list = EMPTY;
  }

  /** Reads a list such as {@code eth:ethertype:ip:udp:vxlan:eth:ethertype:ip:tcp}. */
  void read(char[] text, int start, int end) {
    if (Arrays.equals(text, start, end, list, 0, list.length)) {
      return;
    }
    clear();
    if (!isPlainTcp(text, start, end)) {
      list = Arrays.copyOfRange(text, start, end);
      readTokens(text, start, end);
    }
  }

  private void readTokens(char[] text, int start, int end) {
    int version = 0;
    boolean adjacent = false;
    int kindsAtIp = 0;
    int tokenStart = start;
    for (int i = start; i <= end; i++) {
      if (i < end && text[i] != ':') {
        continue;
      }
      String token = new String(text, tokenStart, i - tokenStart);
      tokenStart = i + 1;
      if (token.equals("tcp")) {
        return; // What is inside was not on the wire as packets.
      }
      boolean isIp = token.equals("ip") || token.equals("ipv6");
      if (isIp) {
        int inner = token.equals("ip") ? 4 : 6;
        if (ipHeaders > 0 && kinds.size() == kindsAtIp) {
          kinds.add(adjacent ? inIp(version, inner) : TunnelKind.OTHER);
        }
        version = inner;
        kindsAtIp = kinds.size();
        around = kinds.size();
        onLink = ipHeaders++ == 0 ? kinds.size() : onLink;
      } else {
        vlanTags += ipHeaders == 0 && VLAN_TAGS.contains(token) ? 1 : 0;
        TunnelKind kind = KINDS.get(token);
        if (kind != null) {
          kinds.add(kind);
        }
      }
      adjacent = isIp || (adjacent && token.startsWith("ipv6."));
    }
  }

  /** Whether IP with TCP is directly in Ethernet. */
  private static boolean isPlainTcp(char[] text, int start, int end) {
    int length = ETHERNET.length();
    if (end - start < length || !startsWith(text, start, ETHERNET)) {
      return false;
    }
    int at = start + length;
    at += end - at >= 2 && text[at] == 'v' && text[at + 1] == '6' ? 2 : 0;
    return end - at >= 4 && startsWith(text, at, ":tcp");
  }

  private static boolean startsWith(char[] text, int at, String what) {
    for (int i = 0; i < what.length(); i++) {
      if (text[at + i] != what.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static TunnelKind inIp(int outer, int inner) {
    if (outer == 4) {
      return inner == 4 ? TunnelKind.IPV4_IN_IPV4 : TunnelKind.IPV6_IN_IPV4;
    }
    return inner == 4 ? TunnelKind.IPV4_IN_IPV6 : TunnelKind.IPV6_IN_IPV6;
  }

  /** Whether no tunnel carries the innermost IP packet. */
  boolean isEmpty() {
    return around == 0;
  }

  /** Number of VLAN tags in front of the first IP header. */
  int vlanTags() {
    return vlanTags;
  }

  /** The tunnels that carry the innermost IP packet, from the outermost on. */
  List<TunnelKind> kinds() {
    return List.copyOf(kinds.subList(0, around));
  }

  /** The tunnel after the innermost IP header, whose content tshark cannot read. */
  Optional<TunnelKind> encrypted() {
    if (kinds.size() != around + 1 || ipHeaders == 0) {
      return Optional.empty();
    }
    TunnelKind last = kinds.get(around);
    return last.isEncrypted() ? Optional.of(last) : Optional.empty();
  }

  /**
   * Bytes between the link's header and the first IP header.
   *
   * @param mplsEntries number of MPLS labels in the frame
   */
  int linkBytes(int mplsEntries) {
    int bytes = 0;
    for (int i = 0; i < onLink; i++) {
      bytes += kinds.get(i) == TunnelKind.PPPOE ? Tunnel.PPPOE_BYTES : 0;
      bytes += kinds.get(i) == TunnelKind.MPLS ? Tunnel.MPLS_ENTRY_BYTES * mplsEntries : 0;
    }
    return bytes;
  }
}
