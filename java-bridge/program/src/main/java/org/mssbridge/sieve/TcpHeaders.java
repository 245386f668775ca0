package org.mssbridge.sieve;

import org.mssbridge.capturefile.Bytes;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.HeaderSum;

/**
 * The complete and consistent headers of a TCP segment that is directly in IPv4 without options, or
 * directly in IPv6. One object is reused for all frames.
 */
final class TcpHeaders implements Ends {
  static final int IPV4_BYTES = 20;
  static final int IPV6_BYTES = 40;
  static final int TCP_BYTES = 20;

  /** Two NOPs and the timestamps option (RFC 7323, appendix A). */
  static final int TIMESTAMP_OPTION_BYTES = 12;

  static final int NOP_NOP_TIMESTAMP = 0x0101080a;

  private static final int PROTOCOL_TCP = 6;
  private static final int IPV4_ADDRESSES_AT = 12;
  private static final int IPV4_ADDRESSES_BYTES = 8;
  private static final int IPV6_ADDRESSES_AT = 8;
  private static final int IPV6_ADDRESSES_BYTES = 32;
  private static final int DONT_FRAGMENT = 0x4000;

  private final LinkLayer link = new LinkLayer();
  private byte[] bytes = {};
  private int networkAt;
  private boolean ipv6;
  private int tcpAt;
  private int capturedEnd;
  private int payloadBytes;
  private ChecksumState checksumState;

  /**
   * Reads a frame.
   *
   * @param content the buffer that holds the frame, starting at {@code at}
   * @return false if the frame is anything else; the other methods are then invalid
   */
  boolean read(int linkType, byte[] content, int at, int capturedBytes, int frameBytes) {
    bytes = content;
    checksumState = null;
    capturedEnd = at + capturedBytes;
    networkAt = link.network(linkType, content, at, frameBytes);
    if (networkAt < 0) {
      return false;
    }
    ipv6 = bytes[networkAt] >> 4 == 6;
    if (!(ipv6 ? readIpv6() : readIpv4())) {
      return false;
    }
    int headerBytes = headerBytes();
    payloadBytes -= headerBytes;
    return headerBytes >= TCP_BYTES && payloadBytes >= 0 && tcpAt + headerBytes <= capturedEnd;
  }

  /** RFC 791, section 3.1. Sets payloadBytes to the length of the packet without its IP header. */
  private boolean readIpv4() {
    tcpAt = networkAt + IPV4_BYTES;
    if (tcpAt + TCP_BYTES > capturedEnd) {
      return false;
    }
    int totalBytes = Bytes.uint16(bytes, networkAt + 2);
    payloadBytes = totalBytes - IPV4_BYTES;
    return bytes[networkAt] == 0x45
        && bytes[networkAt + 9] == PROTOCOL_TCP
        && (Bytes.uint16(bytes, networkAt + 6) & ~DONT_FRAGMENT) == 0
        && networkAt + totalBytes <= link.networkEnd();
  }

  /** RFC 8200, section 3. */
  private boolean readIpv6() {
    tcpAt = networkAt + IPV6_BYTES;
    if (tcpAt + TCP_BYTES > capturedEnd) {
      return false;
    }
    payloadBytes = Bytes.uint16(bytes, networkAt + 4);
    return bytes[networkAt + 6] == PROTOCOL_TCP && tcpAt + payloadBytes <= link.networkEnd();
  }

  /** Number of MPLS labels in front of the IP header. */
  int labels() {
    return link.labels();
  }

  /** Whether PPPoE is in front of the IP header. */
  boolean isPppoe() {
    return link.isPppoe();
  }

  /** Number of VLAN tags in front of the IP header. */
  int vlanTags() {
    return link.vlanTags();
  }

  byte[] bytes() {
    return bytes;
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

  /**
   * Whether tshark may write an address in a way of its own: an IPv6 address that contains an IPv4
   * address (RFC 4291, section 2.5.5).
   */
  boolean hasMixedAddress() {
    return ipv6
        && (isMixed(sourceHigh(), sourceLow()) || isMixed(destinationHigh(), destinationLow()));
  }

  private static boolean isMixed(long high, long low) {
    return high == 0 && (low >>> 32 == 0 || low >>> 32 == 0xffff);
  }

  /** Whether both ends have the same address and port. */
  boolean isToItself() {
    return sourcePort() == destinationPort()
        && sourceLow() == destinationLow()
        && sourceHigh() == destinationHigh();
  }

  int ttl() {
    return bytes[networkAt + (isIpv6() ? 7 : 8)] & 0xff;
  }

  /** IPv4 identification; 0 for IPv6. */
  int ipId() {
    return isIpv6() ? 0 : Bytes.uint16(bytes, networkAt + 4);
  }

  int dsField() {
    return isIpv6() ? (Bytes.uint16(bytes, networkAt) >> 4) & 0xff : bytes[networkAt + 1] & 0xff;
  }

  boolean dontFragment() {
    return isIpv6() || (bytes[networkAt + 6] & 0x40) != 0;
  }

  /** The checksum of the IP header. */
  HeaderSum headerSum() {
    if (ipv6) {
      return HeaderSum.UNKNOWN;
    }
    int words = 0;
    for (int at = networkAt; at < networkAt + IPV4_BYTES; at += 2) {
      words += Bytes.uint16(bytes, at);
    }
    return HeaderSum.of(words, Bytes.uint16(bytes, networkAt + 10));
  }

  @Override
  public int sourcePort() {
    return Bytes.uint16(bytes, tcpAt);
  }

  @Override
  public int destinationPort() {
    return Bytes.uint16(bytes, tcpAt + 2);
  }

  int sequence() {
    return Bytes.int32(bytes, tcpAt + 4);
  }

  int acknowledgment() {
    return Bytes.int32(bytes, tcpAt + 8);
  }

  /** The twelve bits after the data offset. */
  int flags() {
    return Bytes.uint16(bytes, tcpAt + 12) & 0xfff;
  }

  int window() {
    return Bytes.uint16(bytes, tcpAt + 14);
  }

  int checksum() {
    return Bytes.uint16(bytes, tcpAt + 16);
  }

  /** Whether the checksum fits the segment. */
  ChecksumState checksumState() {
    if (checksumState == null) {
      checksumState = verifiedChecksum();
    }
    return checksumState;
  }

  private ChecksumState verifiedChecksum() {
    int tcpBytes = headerBytes() + payloadBytes;
    return tcpAt + tcpBytes > capturedEnd
        ? ChecksumState.UNKNOWN
        : TcpChecksum.of(
            bytes,
            networkAt + (ipv6 ? IPV6_ADDRESSES_AT : IPV4_ADDRESSES_AT),
            ipv6 ? IPV6_ADDRESSES_BYTES : IPV4_ADDRESSES_BYTES,
            tcpAt,
            tcpBytes,
            checksum());
  }

  int headerBytes() {
    return ((bytes[tcpAt + 12] >> 4) & 0xf) * 4;
  }

  /** Bytes of data on the wire. */
  int payloadBytes() {
    return payloadBytes;
  }

  int payloadAt() {
    return tcpAt + headerBytes();
  }

  /**
   * The offset where the captured part of the payload ends, without any trailer after the packet.
   */
  int payloadEnd() {
    return Math.min(capturedEnd, payloadAt() + payloadBytes);
  }

  boolean hasNoOptions() {
    return headerBytes() == TCP_BYTES;
  }

  /**
   * Whether the options are exactly two NOPs and the timestamps, as nearly all stacks write them.
   */
  boolean hasTimestampOnly() {
    return headerBytes() == TCP_BYTES + TIMESTAMP_OPTION_BYTES
        && Bytes.int32(bytes, tcpAt + TCP_BYTES) == NOP_NOP_TIMESTAMP;
  }

  int timestamp() {
    return Bytes.int32(bytes, tcpAt + TCP_BYTES + 4);
  }

  int timestampEcho() {
    return Bytes.int32(bytes, tcpAt + TCP_BYTES + 8);
  }

  /** The offset of the options. */
  int optionsAt() {
    return tcpAt + TCP_BYTES;
  }
}
