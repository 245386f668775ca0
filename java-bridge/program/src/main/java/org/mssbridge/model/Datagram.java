package org.mssbridge.model;

/**
 * A whole IP packet of another protocol than TCP. The reader reuses the same object for the next
 * one: copy what has to be kept.
 *
 * <p>Its content is what a device that translates addresses leaves alone: the data of UDP; of an
 * ICMP echo what follows the identifier; of SCTP what follows the checksum; of any other protocol
 * all that follows the IP header.
 */
public interface Datagram {
  /** IP protocol numbers (IANA, Assigned Internet Protocol Numbers). */
  int ICMP = 1;

  int UDP = 17;
  int GRE = 47;
  int ESP = 50;
  int ICMPV6 = 58;
  int SCTP = 132;

  /** Nanoseconds since 1970, or {@link Frame#NO_TIME}. */
  long timeNanos();

  /** The number of the IP protocol. */
  int protocol();

  boolean isIpv6();

  /** First half of the source address; 0 for IPv4. */
  long sourceHigh();

  /** Second half of the source address; all of it, sign-extended, for IPv4. */
  long sourceLow();

  /** First half of the destination address; 0 for IPv4. */
  long destinationHigh();

  /** Second half of the destination address; all of it, sign-extended, for IPv4. */
  long destinationLow();

  /** Source port; 0 where the protocol has none. */
  int sourcePort();

  /** Destination port; 0 where the protocol has none. */
  int destinationPort();

  /** TTL or hop limit. */
  int ttl();

  /** IPv4 identification; 0 for IPv6. */
  int ipId();

  /** DSCP and ECN. */
  int dsField();

  /** The DF flag in IPv4, always true in IPv6. */
  boolean dontFragment();

  /** Length of the IP packet. */
  int ipBytes();

  /** Length of its content on the wire. */
  int contentBytes();

  /**
   * A digest of protocol, length and first bytes of the content; 0 where the capture has cut these.
   */
  long headDigest();

  /**
   * A digest of protocol, length and the first 16 bytes of the content; 0 where the capture has cut
   * these.
   */
  int startDigest();

  /** A digest of the rest of the content; meaningless where that is cut. */
  int restDigest();

  /** Whether the capture has cut the content. */
  boolean isCut();

  /** A byte of the content, from 0 on; -1 where the capture does not hold it. */
  int contentByte(int place);

  /**
   * ID and flags of a DNS message, 16 bits each (RFC 1035, section 4.1.1); meaningless where {@link
   * #dnsQuestion} is 0.
   */
  int dnsStart();

  /**
   * A digest of the only question of a DNS query or of its answer (RFC 1035, section 4.1.2), equal
   * for names that differ in upper and lower case; 0 for anything else. Asked of UDP only.
   */
  long dnsQuestion();

  /**
   * The first 8 bytes of what may be an RTP header: flags, payload type, sequence number and
   * timestamp (RFC 3550, section 5.1); 0 for anything else. Many other packets look like that.
   */
  long rtpStart();

  /** The synchronization source of that header; meaningless where {@link #rtpStart} is 0. */
  int rtpSource();
}
