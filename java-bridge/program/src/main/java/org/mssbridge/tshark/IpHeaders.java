package org.mssbridge.tshark;

/**
 * Which of a frame's IP headers belongs to the TCP segment. tshark prints the values of IPv4 and
 * IPv6 headers separately, outermost first; only the list of protocols shows how they nest.
 *
 * <p>A header is identified by its position among the IP headers in that list, from 0.
 */
final class IpHeaders {
  private static final int MOST = 16;

  private final boolean[] ipv6 = new boolean[MOST];
  private final int[] indexes = new int[MOST];
  private int headers;
  private int innermost = -1;
  private int enclosing = -1;
  private boolean quoted;

  void clear() {
    headers = 0;
    innermost = -1;
    enclosing = -1;
    quoted = false;
  }

  void only(int version) {
    ipv6[0] = version == 6;
    indexes[0] = 0;
    headers = 1;
    innermost = 0;
  }

  /** Reads a list such as {@code eth:ethertype:ip:icmp:ip:tcp}. */
  void read(char[] text, int start, int end, int ipv4Headers, int ipv6Headers) {
    int ipv4Seen = 0;
    int ipv6Seen = 0;
    boolean afterError = false;
    int tokenStart = start;
    for (int i = start; i <= end; i++) {
      if (i < end && text[i] != ':') {
        continue;
      }
      if (is(text, tokenStart, i, "ip") && ipv4Seen < ipv4Headers && headers < MOST) {
        append(false, ipv4Seen++, afterError);
        afterError = false;
      } else if (is(text, tokenStart, i, "ipv6") && ipv6Seen < ipv6Headers && headers < MOST) {
        append(true, ipv6Seen++, afterError);
        afterError = false;
      } else if (is(text, tokenStart, i, "icmp") || is(text, tokenStart, i, "icmpv6")) {
        afterError = true;
      }
      tokenStart = i + 1;
    }
  }

  private void append(boolean isIpv6, int index, boolean afterError) {
    ipv6[headers] = isIpv6;
    indexes[headers] = index;
    if (afterError) {
      enclosing = innermost;
      quoted = true;
    }
    innermost = headers++;
  }

  private static boolean is(char[] text, int start, int end, String token) {
    if (end - start != token.length()) {
      return false;
    }
    for (int i = 0; i < token.length(); i++) {
      if (text[start + i] != token.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  int innermost() {
    return innermost;
  }

  /** Number of headers. */
  int count() {
    return headers;
  }

  boolean isIpv6(int header) {
    return ipv6[header];
  }

  /** The IP header of the ICMP error that quotes the innermost packet, -1 if there is none. */
  int enclosing() {
    return enclosing;
  }

  /** Whether the innermost packet is quoted by an ICMP message. */
  boolean quoted() {
    return quoted;
  }

  boolean innermostIsIpv6() {
    return innermost >= 0 && ipv6[innermost];
  }

  /**
   * The index of a header's values among those of its IP version; -1 if there is no such header.
   */
  int indexOf(int header) {
    return header < 0 ? -1 : indexes[header];
  }

  String address(Observation frame, int header, boolean source) {
    return frame.string(field(header, source), indexes[header]);
  }

  boolean isSource(Observation frame, String address) {
    return frame.matches(field(innermost, true), indexes[innermost], address);
  }

  int ttl(Observation frame, int header) {
    if (header < 0) {
      return -1;
    }
    EkField field = ipv6[header] ? EkField.IPV6_HOP_LIMIT : EkField.IP_TTL;
    return (int) frame.number(field, indexes[header], -1);
  }

  private EkField field(int header, boolean source) {
    if (ipv6[header]) {
      return source ? EkField.IPV6_SOURCE : EkField.IPV6_DESTINATION;
    }
    return source ? EkField.IP_SOURCE : EkField.IP_DESTINATION;
  }
}
