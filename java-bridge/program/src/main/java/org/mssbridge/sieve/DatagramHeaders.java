package org.mssbridge.sieve;

import java.util.Arrays;
import java.util.HexFormat;
import org.mssbridge.capturefile.Bytes;
import org.mssbridge.model.Datagram;
import org.mssbridge.model.DatagramError;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.IcmpCode;
import org.mssbridge.model.IpAddress;
import org.mssbridge.model.UdpHeader;

/**
 * An IP packet of another protocol than TCP that is directly in IPv4 without options, or directly
 * in IPv6, is no fragment, and has consistent lengths. One object is reused for all frames.
 */
final class DatagramHeaders implements Datagram {
  /** What a frame is. */
  enum Reading {
    WHOLE,
    /** A fragment of UDP. */
    FRAGMENT,
    /** An ICMP error about a packet of UDP. */
    ERROR,
    /** Only the addresses were read. */
    ADDRESSES,
    /** TCP, another ICMP message that is no echo, or no IP packet. */
    OTHER
  }

  private static final int TCP = 6;
  private static final int AUTHENTICATION_HEADER = 51;
  private static final int UDP_BYTES = 8;

  /** As many as {@code mss.lua} shows at either end of the data. */
  private static final int UDP_END_BYTES = 64;

  private static final int ICMP_ECHO_BYTES = 8;
  private static final int ICMP_SEQUENCE_AT = 6;
  private static final int SCTP_BYTES = 12;
  private static final int DONT_FRAGMENT = 0x4000;
  private static final int RESERVED = 0x8000;
  private static final int FRAGMENT_HEADER = 44;
  private static final int FRAGMENT_BYTES = 8;
  private static final int HEAD_BYTES = 64;

  /** What a snapshot length of 64 bytes leaves at least, without VLAN tags and with IPv4. */
  private static final int START_BYTES = 16;

  private static final int RTP_BYTES = 12;
  private static final int RTP_VERSION = 2 << 6;

  private final LinkLayer link = new LinkLayer();
  private final EmbeddedPackets embedded = new EmbeddedPackets();
  private byte[] bytes = {};
  private long timeNanos;
  private int networkAt;
  private boolean ipv6;
  private int protocol;
  private int ipBytes;
  private int contentAt;
  private int contentEnd;
  private int capturedEnd;
  private int salt;
  private boolean hasPorts;
  private int portsAt;
  private int quotedAt;

  /**
   * Reads a frame.
   *
   * @param content the buffer that holds the frame, starting at {@code at}
   */
  Reading read(
      int linkType,
      byte[] content,
      int at,
      int capturedBytes,
      int frameBytes,
      long frameTimeNanos) {
    bytes = content;
    timeNanos = frameTimeNanos;
    capturedEnd = at + capturedBytes;
    networkAt = link.network(linkType, content, at, frameBytes);
    if (networkAt < 0) {
      return Reading.OTHER;
    }
    ipv6 = bytes[networkAt] >> 4 == 6;
    return ipv6 ? readIpv6() : readIpv4();
  }

  /** RFC 791, section 3.1. */
  private Reading readIpv4() {
    int payloadAt = networkAt + TcpHeaders.IPV4_BYTES;
    if (payloadAt > capturedEnd) {
      return Reading.OTHER;
    }
    protocol = bytes[networkAt + 9] & 0xff;
    ipBytes = Bytes.uint16(bytes, networkAt + 2);
    if (protocol == TCP) {
      return Reading.OTHER;
    }
    if (bytes[networkAt] == 0x45 && protocol == UDP && isFragment(payloadAt)) {
      return fragment(payloadAt);
    }
    return bytes[networkAt] == 0x45
            && (Bytes.uint16(bytes, networkAt + 6) & ~DONT_FRAGMENT) == 0
            && ipBytes >= TcpHeaders.IPV4_BYTES
            && networkAt + ipBytes <= link.networkEnd()
            && protocol != AUTHENTICATION_HEADER
        ? readPayload(payloadAt)
        : unread();
  }

  private boolean isFragment(int payloadAt) {
    int word = Bytes.uint16(bytes, networkAt + 6);
    return (word & RESERVED) == 0
        && (word & ~DONT_FRAGMENT) != 0
        && networkAt + ipBytes > payloadAt
        && networkAt + ipBytes <= link.networkEnd();
  }

  private Reading fragment(int at) {
    contentAt = at;
    contentEnd = networkAt + ipBytes;
    return Reading.FRAGMENT;
  }

  /** Gives the fragment that was read to what puts them together. */
  void giveTo(DatagramFragments fragments, int number) {
    fragments.add(number, timeNanos, bytes, networkAt, contentAt, contentEnd, isCut(), this);
  }

  /** RFC 8200, section 3. */
  private Reading readIpv6() {
    int payloadAt = networkAt + TcpHeaders.IPV6_BYTES;
    if (payloadAt > capturedEnd) {
      return Reading.OTHER;
    }
    protocol = bytes[networkAt + 6] & 0xff;
    ipBytes = TcpHeaders.IPV6_BYTES + Bytes.uint16(bytes, networkAt + 4);
    if (protocol == TCP) {
      return Reading.OTHER;
    }
    int contentAfter = payloadAt + FRAGMENT_BYTES;
    if (protocol == FRAGMENT_HEADER
        && contentAfter <= capturedEnd
        && networkAt + ipBytes > contentAfter
        && networkAt + ipBytes <= link.networkEnd()
        && bytes[payloadAt] == UDP) {
      return fragment(contentAfter);
    }
    return ipBytes > TcpHeaders.IPV6_BYTES
            && networkAt + ipBytes <= link.networkEnd()
            && !isExtension(protocol)
        ? readPayload(payloadAt)
        : unread();
  }

  /**
   * Multicast that no router forwards goes to no other point (RFC 5771, section 4; RFC 4291,
   * section 2.7): nobody misses it.
   */
  private Reading unread() {
    boolean isLocal =
        ipv6
            ? Bytes.uint16(bytes, networkAt + 24) == 0xff02
            : Bytes.int32(bytes, networkAt + 16) >>> 8 == 0xe00000;
    return isLocal ? Reading.OTHER : Reading.ADDRESSES;
  }

  /** IANA, IPv6 Extension Header Types, and "no next header". */
  private static boolean isExtension(int nextHeader) {
    return switch (nextHeader) {
      case 0, 43, 44, AUTHENTICATION_HEADER, 59, 60, 135, 139, 140, 253, 254 -> true;
      default -> false;
    };
  }

  private Reading readPayload(int payloadAt) {
    int end = networkAt + ipBytes;
    contentEnd = end;
    contentAt = payloadAt;
    salt = protocol;
    hasPorts = false;
    portsAt = payloadAt;
    switch (protocol) {
      case UDP -> {
        return readUdp(payloadAt, end);
      }
      case SCTP -> {
        contentAt = payloadAt + SCTP_BYTES;
        hasPorts = true;
        return contentAt <= Math.min(end, capturedEnd) ? Reading.WHOLE : Reading.ADDRESSES;
      }
      case ICMP, ICMPV6 -> {
        return readIcmp(payloadAt, end);
      }
      default -> {
        return Reading.WHOLE;
      }
    }
  }

  /** RFC 768. */
  private Reading readUdp(int payloadAt, int end) {
    contentAt = payloadAt + UDP_BYTES;
    hasPorts = true;
    return contentAt <= Math.min(end, capturedEnd)
            && Bytes.uint16(bytes, payloadAt + 4) == end - payloadAt
        ? Reading.WHOLE
        : Reading.ADDRESSES;
  }

  /** RFC 792, "Echo or Echo Reply Message"; RFC 4443, section 4. NAT changes the identifier. */
  private Reading readIcmp(int payloadAt, int end) {
    if (payloadAt + ICMP_ECHO_BYTES > Math.min(end, capturedEnd)) {
      return Reading.OTHER;
    }
    int type = bytes[payloadAt] & 0xff;
    boolean isEcho = ipv6 ? type == 128 || type == 129 : type == 8 || type == 0;
    if ((protocol == ICMP) == ipv6) {
      return Reading.OTHER;
    }
    if (!isEcho) {
      return isError(type) && quotesUdp(payloadAt + ICMP_ECHO_BYTES, Math.min(end, capturedEnd))
          ? Reading.ERROR
          : Reading.OTHER;
    }
    salt = protocol << 8 | type;
    contentAt = payloadAt + ICMP_SEQUENCE_AT;
    return Reading.WHOLE;
  }

  /** RFC 792; RFC 4443, section 3. */
  private boolean isError(int type) {
    return ipv6 ? type >= 1 && type <= 4 : type == 3 || type == 11 || type == 12;
  }

  /** Whether an ICMP error has the ports of a packet of UDP in its quote, and remembers where. */
  private boolean quotesUdp(int at, int end) {
    if (at + TcpHeaders.IPV4_BYTES > end || bytes[at] >> 4 != (ipv6 ? 6 : 4)) {
      return false;
    }
    quotedAt = at;
    portsAt = at + (ipv6 ? TcpHeaders.IPV6_BYTES : (bytes[at] & 0xf) * 4);
    boolean isFirst = ipv6 || (Bytes.uint16(bytes, at + 6) & 0x1fff) == 0;
    return isFirst
        && portsAt >= at + TcpHeaders.IPV4_BYTES
        && portsAt + 4 <= end
        && bytes[at + (ipv6 ? 6 : 9)] == UDP;
  }

  /** The ICMP error that was read. */
  DatagramError error(int number) {
    int mtu = ipv6 ? Bytes.int32(bytes, icmpAt() + 4) : Bytes.uint16(bytes, icmpAt() + 6);
    int source = quotedAt + (ipv6 ? 8 : 12);
    int addressBytes = ipv6 ? 16 : 4;
    IcmpCode icmp = new IcmpCode(ipv6, bytes[icmpAt()] & 0xff, bytes[icmpAt() + 1] & 0xff);
    return new DatagramError(
        number,
        timeNanos,
        address(networkAt + (ipv6 ? 8 : 12), addressBytes),
        ttl(),
        icmp,
        icmp.isTooBig() ? Math.max(0, mtu) : 0,
        new Endpoint(address(source, addressBytes), Bytes.uint16(bytes, portsAt)),
        new Endpoint(
            address(source + addressBytes, addressBytes), Bytes.uint16(bytes, portsAt + 2)));
  }

  private int icmpAt() {
    return quotedAt - ICMP_ECHO_BYTES;
  }

  private String address(int at, int length) {
    return IpAddress.text(Arrays.copyOfRange(bytes, at, at + length));
  }

  /**
   * Whether tshark can find nothing in it that the program uses, so that tshark need not read it;
   * asked of a whole packet only.
   */
  boolean isPlain() {
    return protocol == UDP
        && !embedded.mayBeIn(
            bytes, contentAt, contentEnd, capturedEnd, sourcePort(), destinationPort());
  }

  /** The UDP header, whose end is where the content begins; asked of UDP only. */
  UdpHeader udp() {
    int at = contentAt - UDP_BYTES;
    return new UdpHeader(
        Bytes.uint16(bytes, at),
        Bytes.uint16(bytes, at + 2),
        Bytes.uint16(bytes, at + 4),
        Bytes.uint16(bytes, at + 6));
  }

  /** See {@link org.mssbridge.model.Frame#udpEnds}; asked of UDP only. */
  String udpEnds() {
    int end = Math.min(contentEnd, capturedEnd);
    int head = Math.min(end, contentAt + UDP_END_BYTES);
    HexFormat hex = HexFormat.of();
    return hex.formatHex(bytes, contentAt, head)
        + hex.formatHex(bytes, Math.max(head, end - UDP_END_BYTES), end);
  }

  /** A number that is equal for packets that tshark surely dissects alike, more or less. */
  int kind() {
    return 31 * Math.min(sourcePort(), destinationPort())
        + (ipv6 ? 1 : 0)
        + (link.isPppoe() ? 2 : 0)
        + link.vlanTags() * 4
        + link.labels() * 16;
  }

  @Override
  public long timeNanos() {
    return timeNanos;
  }

  @Override
  public int protocol() {
    return protocol;
  }

  @Override
  public boolean isIpv6() {
    return ipv6;
  }

  @Override
  public long sourceHigh() {
    return ipv6 ? Bytes.int64(bytes, networkAt + 8) : 0;
  }

  @Override
  public long sourceLow() {
    return ipv6 ? Bytes.int64(bytes, networkAt + 16) : Bytes.int32(bytes, networkAt + 12);
  }

  @Override
  public long destinationHigh() {
    return ipv6 ? Bytes.int64(bytes, networkAt + 24) : 0;
  }

  @Override
  public long destinationLow() {
    return ipv6 ? Bytes.int64(bytes, networkAt + 32) : Bytes.int32(bytes, networkAt + 16);
  }

  @Override
  public int sourcePort() {
    return hasPorts ? Bytes.uint16(bytes, portsAt) : 0;
  }

  @Override
  public int destinationPort() {
    return hasPorts ? Bytes.uint16(bytes, portsAt + 2) : 0;
  }

  @Override
  public int ttl() {
    return bytes[networkAt + (ipv6 ? 7 : 8)] & 0xff;
  }

  @Override
  public int ipId() {
    return ipv6 ? 0 : Bytes.uint16(bytes, networkAt + 4);
  }

  @Override
  public int dsField() {
    return ipv6 ? (Bytes.uint16(bytes, networkAt) >> 4) & 0xff : bytes[networkAt + 1] & 0xff;
  }

  @Override
  public boolean dontFragment() {
    return ipv6 || (bytes[networkAt + 6] & 0x40) != 0;
  }

  @Override
  public int ipBytes() {
    return ipBytes;
  }

  @Override
  public int contentBytes() {
    return contentEnd - contentAt;
  }

  @Override
  public boolean isCut() {
    return contentEnd > capturedEnd;
  }

  @Override
  public long headDigest() {
    return digest(HEAD_BYTES);
  }

  @Override
  public int startDigest() {
    long digest = digest(START_BYTES);
    return digest == 0 ? 0 : (int) (digest >>> 32) | 1;
  }

  /** Of protocol, length and so many first bytes; 0 where the capture has cut these. */
  private long digest(int bytesAtMost) {
    int end = Math.min(contentEnd, contentAt + bytesAtMost);
    if (end > capturedEnd) {
      return 0;
    }
    long digest = digest((long) salt << 32 | contentBytes(), contentAt, end);
    return digest == 0 ? 1 : digest;
  }

  @Override
  public int restDigest() {
    int at = contentAt + HEAD_BYTES;
    int end = Math.min(contentEnd, capturedEnd);
    return at >= end ? 0 : (int) (digest(0, at, end) >>> 32);
  }

  @Override
  public int contentByte(int place) {
    int at = contentAt + place;
    return at < Math.min(contentEnd, capturedEnd) ? bytes[at] & 0xff : -1;
  }

  @Override
  public int dnsStart() {
    return Bytes.int32(bytes, contentAt);
  }

  @Override
  public long dnsQuestion() {
    return DnsQuestion.digest(bytes, contentAt, Math.min(contentEnd, capturedEnd));
  }

  @Override
  public long rtpStart() {
    if (protocol != UDP
        || Math.min(contentEnd, capturedEnd) - contentAt < RTP_BYTES
        || (bytes[contentAt] & 0xc0) != RTP_VERSION) {
      return 0;
    }
    int type = bytes[contentAt + 1] & 0x7f;
    // RTCP beside RTP has these (RFC 5761, section 4).
    return type >= 64 && type < 96 ? 0 : Bytes.int64(bytes, contentAt);
  }

  @Override
  public int rtpSource() {
    return Bytes.int32(bytes, contentAt + 8);
  }

  /** Eight bytes at a time, in the way of MurmurHash3's finalizer. */
  private long digest(long seed, int from, int end) {
    long hash = seed + 0x9e3779b97f4a7c15L;
    int at = from;
    for (; at <= end - 8; at += 8) {
      hash = (hash ^ Bytes.int64(bytes, at)) * 0xff51afd7ed558ccdL;
      hash ^= hash >>> 32;
    }
    long last = 0;
    for (; at < end; at++) {
      last = last << 8 | (bytes[at] & 0xff);
    }
    hash = (hash ^ last) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 29);
  }
}
