package org.mssbridge.sieve;

import org.mssbridge.capturefile.Bytes;

/**
 * Finds the IP header in a frame, but only on link layers whose headers state for certain that IP
 * follows. Link types are numbers in pcap's LINKTYPE registry.
 */
final class LinkLayer {
  private static final int NULL = 0;
  private static final int ETHERNET = 1;
  private static final int RAW = 101;
  private static final int LOOP = 108;
  private static final int LINUX_SLL = 113;
  private static final int IPV4 = 228;
  private static final int IPV6 = 229;
  private static final int LINUX_SLL2 = 276;

  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int ETHERTYPE_VLAN = 0x8100; // IEEE 802.1Q, clause 9.6
  private static final int ETHERTYPE_SERVICE_VLAN = 0x88a8;
  private static final int ETHERTYPE_MPLS = 0x8847; // RFC 5332, section 3
  private static final int ETHERTYPE_PPPOE_SESSION = 0x8864; // RFC 2516, section 4
  private static final int PPP_IPV4 = 0x0021;
  private static final int PPP_IPV6 = 0x0057;
  private static final int PPPOE_VERSION_TYPE_CODE = 0x1100;

  /** Deeper stacks are left to tshark. */
  private static final int MOST_LABELS = 4;

  private static final int MOST_VLAN_TAGS = 2;

  /** The lowest label that is not reserved (RFC 3032, section 2.1). */
  private static final int LEAST_ORDINARY_LABEL = 16;

  /**
   * The first four bytes of a frame with a Cisco ISL header, where Ethernet has its destination.
   */
  private static final int ISL = 0x01000c00;

  private static final int ISL_OTHER = 0x0c000c00;

  /**
   * Linux's ARPHRD numbers for which the protocol field is an EtherType: Ethernet, PPP, lo, tun.
   */
  private static final int ARPHRD_ETHER = 1;

  private static final int ARPHRD_PPP = 512;
  private static final int ARPHRD_LOOPBACK = 772;
  private static final int ARPHRD_NONE = 0xfffe;

  private static final int NOT_FOUND = -1;

  private int networkEnd;
  private int vlanTags;
  private int labels;
  private boolean pppoe;

  /** Whether frames of a link type can be read. */
  static boolean knows(int linkType) {
    return switch (linkType) {
      case NULL, ETHERNET, RAW, LOOP, LINUX_SLL, IPV4, IPV6, LINUX_SLL2 -> true;
      default -> false;
    };
  }

  /**
   * The offset of the IP header, whose first byte must confirm the version; -1 if it is not
   * certain.
   *
   * @param bytes the buffer that holds the frame
   * @param at offset of the frame; link headers may be read beyond its end, so the caller must
   *     check that the header found lies within the frame
   * @param frameBytes length of the frame on the wire
   */
  int network(int linkType, byte[] bytes, int at, int frameBytes) {
    networkEnd = at + frameBytes;
    vlanTags = 0;
    labels = 0;
    pppoe = false;
    return switch (linkType) {
      case ETHERNET -> ethernet(bytes, at);
      case LINUX_SLL -> cooked(bytes, at + 2, at + 14, at + 16);
      case LINUX_SLL2 -> cooked(bytes, at + 8, at, at + 20);
      case RAW -> ip(bytes, at, bytes[at] >> 4);
      case IPV4 -> ip(bytes, at, 4);
      case IPV6 -> ip(bytes, at, 6);
      case NULL -> loopback(bytes, at, Integer.reverseBytes(Bytes.int32(bytes, at)));
      case LOOP -> loopback(bytes, at, Bytes.int32(bytes, at));
      default -> NOT_FOUND;
    };
  }

  /** The offset where the network layer's part of the last frame ends, as it was on the wire. */
  int networkEnd() {
    return networkEnd;
  }

  /** Number of VLAN tags in front of the IP header that was found. */
  int vlanTags() {
    return vlanTags;
  }

  /** Number of MPLS labels in front of the IP header that was found. */
  int labels() {
    return labels;
  }

  /** Whether PPPoE is in front of the IP header that was found. */
  boolean isPppoe() {
    return pppoe;
  }

  private int ethernet(byte[] bytes, int at) {
    int destination = Bytes.int32(bytes, at);
    if (destination == ISL || destination == ISL_OTHER) {
      return NOT_FOUND;
    }
    return byEtherType(bytes, at + 12);
  }

  private int byEtherType(byte[] bytes, int typeAt) {
    int at = typeAt;
    int type = Bytes.uint16(bytes, at);
    while (vlanTags < MOST_VLAN_TAGS && isTag(type)) {
      vlanTags++;
      at += 4;
      type = Bytes.uint16(bytes, at);
    }
    return switch (type) {
      case ETHERTYPE_IPV4 -> ip(bytes, at + 2, 4);
      case ETHERTYPE_IPV6 -> ip(bytes, at + 2, 6);
      case ETHERTYPE_MPLS -> mpls(bytes, at + 2);
      case ETHERTYPE_PPPOE_SESSION -> pppoe(bytes, at + 2);
      default -> NOT_FOUND;
    };
  }

  private static boolean isTag(int etherType) {
    return etherType == ETHERTYPE_VLAN || etherType == ETHERTYPE_SERVICE_VLAN;
  }

  private int mpls(byte[] bytes, int first) {
    int at = first;
    while (labels < MOST_LABELS) {
      labels++;
      int entry = Bytes.int32(bytes, at);
      if (entry >>> 12 < LEAST_ORDINARY_LABEL) {
        return NOT_FOUND;
      }
      if ((entry & 0x100) != 0) { // bottom of the stack
        return ip(bytes, at + 4, bytes[at + 4] >> 4);
      }
      at += 4;
    }
    return NOT_FOUND;
  }

  private int pppoe(byte[] bytes, int at) {
    int end = at + 6 + Bytes.uint16(bytes, at + 4);
    if (Bytes.uint16(bytes, at) != PPPOE_VERSION_TYPE_CODE || end > networkEnd) {
      return NOT_FOUND;
    }
    networkEnd = end;
    pppoe = true;
    return switch (Bytes.uint16(bytes, at + 6)) {
      case PPP_IPV4 -> ip(bytes, at + 8, 4);
      case PPP_IPV6 -> ip(bytes, at + 8, 6);
      default -> NOT_FOUND;
    };
  }

  private int cooked(byte[] bytes, int hardwareAt, int protocolAt, int networkAt) {
    int protocol = Bytes.uint16(bytes, protocolAt);
    return switch (Bytes.uint16(bytes, hardwareAt)) {
      case ARPHRD_ETHER, ARPHRD_PPP, ARPHRD_LOOPBACK, ARPHRD_NONE ->
          protocol == ETHERTYPE_IPV4
              ? ip(bytes, networkAt, 4)
              : protocol == ETHERTYPE_IPV6 ? ip(bytes, networkAt, 6) : NOT_FOUND;
      default -> NOT_FOUND;
    };
  }

  /**
   * The address family is in the byte order of the capturing host; NULL is read as little-endian,
   * which nearly all hosts are.
   */
  private static int loopback(byte[] bytes, int at, int family) {
    return switch (family) {
      case 2 -> ip(bytes, at + 4, 4);
      case 24, 28, 30 -> ip(bytes, at + 4, 6); // AF_INET6 of NetBSD, FreeBSD and macOS
      default -> NOT_FOUND;
    };
  }

  private static int ip(byte[] bytes, int at, int version) {
    return (version == 4 || version == 6) && bytes[at] >> 4 == version ? at : NOT_FOUND;
  }
}
