package org.mssbridge.model;

import java.util.List;
import java.util.Optional;

/**
 * One frame of a capture, as dissected. The reader may reuse the same object for the next frame, to
 * avoid garbage in long captures: copy what has to be kept.
 *
 * <p>Where IP is tunnelled in IP, the values are those of the innermost headers. For an ICMP error
 * that quotes a segment, {@link #isTcp()} is false, and the addresses, ports and sequence number
 * are those of the quoted segment.
 */
public interface Frame {
  /** What {@link #timeNanos()} is for a frame without a time, as in a simple packet block. */
  long NO_TIME = Long.MIN_VALUE;

  /** Nanoseconds since 1970, or {@link #NO_TIME}. */
  long timeNanos();

  /** Bytes of the frame as it was on the wire. */
  int frameBytes();

  /** Bytes of the frame that the capture holds. */
  int capturedBytes();

  /**
   * Whether it is a TCP segment whose fixed header was read; false for one that an error quotes.
   */
  boolean isTcp();

  /** Number of TCP headers in it that have a stream, quoted ones included. */
  default int tcpHeaders() {
    return stream() < 0 ? 0 : 1;
  }

  /** Whether it is an ICMP or ICMPv6 "too big" error that quotes a TCP segment. */
  boolean isTooBig();

  /**
   * Whether it is another ICMP or ICMPv6 error that says that the TCP segment that it quotes was
   * not delivered.
   */
  default boolean isUnreachable() {
    return false;
  }

  /** What such an error is about, null where there is none. */
  default Unreachable.Type errorType() {
    return null;
  }

  /** The code of the ICMP error, -1 where there is none. */
  default int errorCode() {
    return -1;
  }

  /**
   * The fragment that it is, of an IP packet with TCP; empty for a whole packet. The fragment that
   * completes a packet is also the TCP segment, unless the capture has cut it.
   */
  default Optional<IpFragment> fragment() {
    return Optional.empty();
  }

  /** The UDP header of a frame that has one, and only one; empty for any other. */
  default Optional<UdpHeader> udp() {
    return Optional.empty();
  }

  /**
   * The first 64 bytes of the data of UDP and the last 64 of the others, as hexadecimal digits,
   * where {@code mss.lua} was asked for them and the frame has one UDP header; else empty.
   */
  default String udpEnds() {
    return "";
  }

  /**
   * Bytes by which tunnels make the segment's packet larger; 0 where none carries it, -1 where one
   * does and the sum is unknown.
   */
  default int tunnelBytes() {
    return 0;
  }

  /** The tunnels that carry the segment; costs more than {@link #tunnelBytes}. */
  default Optional<Tunnel> tunnel() {
    return Optional.empty();
  }

  /**
   * Number of VLAN tags (IEEE 802.1Q) in front of the outermost IP header; known of SYNs and of the
   * first data of a direction at least, else 0.
   */
  default int vlanTags() {
    return 0;
  }

  /** The kind of a tunnel's packet whose content cannot be read; empty for all other frames. */
  default Optional<TunnelKind> encrypted() {
    return Optional.empty();
  }

  /** tshark's number for the connection, {@code tcp.stream}. */
  int stream();

  /** Source address of the segment, or of the segment that an error quotes. */
  String sourceAddress();

  /** Destination address of the segment, or of the segment that an error quotes. */
  String destinationAddress();

  /** Source port, 0 to 65535. */
  int sourcePort();

  /** Destination port, 0 to 65535. */
  int destinationPort();

  /** Whether the segment's source is this address and port. */
  boolean isFrom(String address, int port);

  /** TTL or hop limit of the segment, -1 where unknown. */
  int ttl();

  /** IPv4 identification, -1 for IPv6. */
  int ipId();

  /** The DS field: DSCP and ECN (RFC 2474, section 3; RFC 3168, section 5); -1 where unknown. */
  int dsField();

  /** Whether routers must not fragment it: the DF flag in IPv4, always true in IPv6. */
  boolean dontFragment();

  /** The checksum of the innermost IP header. */
  default HeaderSum headerSum() {
    return HeaderSum.UNKNOWN;
  }

  /** Raw sequence number. */
  int sequence();

  /** Whether the sequence number is known; the quote of an error may be too short. */
  boolean hasSequence();

  /** Raw acknowledgment number, 0 where absent. */
  int acknowledgment();

  /** Bytes of data in the segment as it was on the wire. */
  int payloadBytes();

  /** Flags of the TCP header. */
  int flags();

  /** The window field, not scaled. */
  int window();

  /** TSval of the timestamps option as an unsigned number, -1 where absent. */
  long timestamp();

  /** Kinds of the TCP options, in the order of the header. */
  List<Integer> optionKinds();

  /** Values of the MSS options, in bytes. */
  List<Integer> mssValues();

  /** Shift count of the window scale option, -1 where absent. */
  int windowScale();

  /** The option list as hexadecimal digits, empty where there is none. */
  String optionBytes();

  /** The options in one object, which does not change with the frame. */
  default TcpOptions options() {
    return new TcpOptions(
        optionKinds(), mssValues(), windowScale(), optionBytes(), hasWholeHeader());
  }

  /** Whether the capture holds the whole TCP header. */
  default boolean hasWholeHeader() {
    return capturedBytes() >= frameBytes() - payloadBytes();
  }

  /** The checksum field of the TCP header, correct or not; -1 where unknown. */
  int checksum();

  /**
   * Whether the TCP checksum fits the segment, as far as the reader knows; it need not know of an
   * incomplete one, see {@link ChecksumState#INCOMPLETE}.
   */
  ChecksumState checksumState();

  /** Bytes of the option list, padding included; -1 where it could not be read. */
  int optionLengthBytes();

  /** Sum of the option list's 16-bit words, not folded. */
  int optionSum();

  /** Number of SACK blocks. */
  int sackBlocks();

  /** Left edge of a SACK block, raw. */
  int sackLeft(int block);

  /** Right edge of a SACK block, raw. */
  int sackRight(int block);

  /** Digest of the first data of a direction, as {@code mss.lua} computes it; 0 where absent. */
  long payloadDigest();

  /** The first bytes of the random in a TLS hello (RFC 8446, section 4.1.2); 0 where absent. */
  long tlsRandom();

  /** The MTU in a "too big" message, in bytes; 0 where it has none. */
  int tooBigMtu();

  /** Source address of the ICMP error. */
  String errorSender();

  /** Destination address of the ICMP error. */
  String errorReceiver();

  /** TTL or hop limit of the ICMP error, -1 where unknown. */
  int errorTtl();

  /** Length of the innermost IP packet in bytes, 0 where unknown. */
  int ipBytes();

  /** Whether its data was recognised as HTTP. */
  boolean isHttp();
}
