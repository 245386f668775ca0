package org.mssbridge.model;

import java.util.OptionalInt;

/**
 * An ICMP "fragmentation needed" (RFC 792, RFC 1191) or ICMPv6 "packet too big" (RFC 4443, section
 * 3.2) that quotes a TCP segment.
 *
 * @param frame the frame number, from 1
 * @param timeNanos nanoseconds since 1970 on the capture's own clock
 * @param sender its source address
 * @param receiver its destination address: the sender of the quoted segment
 * @param mtuBytes the next hop's MTU, 0 from an old router that does not report it
 * @param ttl TTL or hop limit of the message itself, -1 where unknown
 * @param quotedSource source of the quoted segment
 * @param quotedDestination destination of the quoted segment
 * @param quotedSequence raw sequence number of the quoted segment, as the sender of the message saw
 *     it
 * @param quotedIpBytes total length in the quoted IP header in bytes, empty where unknown. Routers
 *     rewrite it: the length of the packet is that of the one that was sent
 * @param quotedIpId identification in the quoted IPv4 header, -1 for IPv6
 * @param stream tshark's number for the connection that it quotes, -1 where the quote is too short
 */
public record TooBig(
    int frame,
    long timeNanos,
    String sender,
    String receiver,
    int mtuBytes,
    int ttl,
    Endpoint quotedSource,
    Endpoint quotedDestination,
    OptionalInt quotedSequence,
    OptionalInt quotedIpBytes,
    int quotedIpId,
    int stream) {
  /** The largest segment that fits the MTU, in bytes; never below 0. */
  public int mssBytes() {
    return Math.max(0, mtuBytes - (quotedSource.isIpv6() ? 60 : 40));
  }

  /**
   * The most plausible initial TTL: the lowest of 32, 64, 128 and 255 (the lists of p0f and
   * Netresec) that is not below the TTL. -1 where the TTL is unknown.
   */
  public int initialTtl() {
    return InitialTtl.of(ttl);
  }
}
