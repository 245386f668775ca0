package org.mssbridge.model;

/** The IP version of a packet, with the sizes that follow from it; all sizes in bytes. */
public enum IpFamily {
  /** RFC 791. */
  IPV4("IPv4", 20, 68, 536, 65_535),
  /** RFC 8200. Its payload length does not count the 40 bytes of its own header. */
  IPV6("IPv6", 40, 1280, 1220, 65_575);

  /** A TCP header without options (RFC 9293 section 3.1). */
  private static final int TCP_HEADER_BYTES = 20;

  private final String label;
  private final int headerBytes;
  private final int leastMtuBytes;
  private final int defaultMssBytes;
  private final int largestPacketBytes;

  IpFamily(String label, int headerBytes, int leastMtu, int defaultMss, int largestPacket) {
    this.label = label;
    this.headerBytes = headerBytes;
    this.leastMtuBytes = leastMtu;
    this.defaultMssBytes = defaultMss;
    this.largestPacketBytes = largestPacket;
  }

  /** {@code IPv4} or {@code IPv6}. */
  public String label() {
    return label;
  }

  /** The IP header without options or extension headers: 20 or 40. */
  public int headerBytes() {
    return headerBytes;
  }

  /** The difference between an MTU and its MSS: 40 or 60 (RFC 9293 section 3.7.1). */
  public int tcpIpBytes() {
    return headerBytes + TCP_HEADER_BYTES;
  }

  /**
   * The smallest MTU that a link may have: 68 (RFC 791 section 3.2) or 1280 (RFC 8200 section 5).
   */
  public int leastMtuBytes() {
    return leastMtuBytes;
  }

  /** The MSS to assume where the option is absent: 536 or 1220 (RFC 9293 section 3.7.1). */
  public int defaultMssBytes() {
    return defaultMssBytes;
  }

  /** The largest packet that the length field allows, without jumbograms. */
  public int largestPacketBytes() {
    return largestPacketBytes;
  }

  /** The family of a connection. */
  public static IpFamily of(boolean ipv6) {
    return ipv6 ? IPV6 : IPV4;
  }
}
