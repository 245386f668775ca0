package org.mssbridge.model;

import java.util.OptionalInt;

/**
 * An ICMP "fragmentation needed" (RFC 792, RFC 1191) or ICMPv6 "packet too big" (RFC 4443, section
 * 3.2) that quotes a TCP segment.
 *
 * @param frame the frame number, from 1
 * @param timeNanos nanoseconds since 1970 on the capture's own clock
 * @param sender the address that it comes from
 * @param receiver the address that it is sent to: the sender of the quoted segment
 * @param mtuBytes the next hop's MTU, 0 where an old router does not tell it
 * @param ttl TTL or hop limit of the message itself, -1 where unknown
 * @param quotedSource source of the quoted segment
 * @param quotedDestination destination of the quoted segment
 * @param quotedSequence raw sequence number of the quoted segment, as it was where the sender of
 *     the message saw it
 * @param quotedIpBytes length of the quoted IP packet in bytes, empty where unknown
 * @param stream tshark's number of the connection that it quotes, -1 where the quote is too short
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
    int stream) {
  /** The largest segment that the MTU leaves room for, in bytes; never below 0. */
  public int mssBytes() {
    return Math.max(0, mtuBytes - (quotedSource.isIpv6() ? 60 : 40));
  }

  /**
   * The initial TTL that is most plausible: the next of 32, 64, 128 and 255 (p0f's and Netresec's
   * lists). -1 where the TTL is unknown.
   */
  public int initialTtl() {
    return InitialTtl.of(ttl);
  }
}
