package org.mssbridge.model;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * An ICMP error about a packet of UDP, which it quotes (RFC 792; RFC 4443, section 3).
 *
 * @param frame the frame number, from 1
 * @param timeNanos nanoseconds since 1970 on the capture's own clock
 * @param sender its source address
 * @param ttl TTL or hop limit of the message itself
 * @param icmp which message it is
 * @param mtuBytes the next hop's MTU if the quoted packet is too big; 0 from an old router that
 *     does not report it, and for other errors
 * @param quotedSource the sender of the quoted packet
 * @param quotedDestination its receiver
 */
public record DatagramError(
    int frame,
    long timeNanos,
    String sender,
    int ttl,
    IcmpCode icmp,
    int mtuBytes,
    Endpoint quotedSource,
    Endpoint quotedDestination) {

  /** Any other error, in words and by its meaning; empty where it is none that is known. */
  public Optional<Unreachable> unreachable() {
    Unreachable.Type type =
        Unreachable.Type.of(icmp.ipv6() ? -1 : icmp.type(), icmp.ipv6() ? icmp.type() : -1);
    return icmp.isTooBig() || type == null
        ? Optional.empty()
        : Optional.of(
            new Unreachable(
                frame,
                timeNanos,
                sender,
                icmp.ipv6(),
                type,
                icmp.code(),
                ttl,
                /* quotedIpId= */ -1,
                /* quotedSequence= */ OptionalInt.empty()));
  }

  /** The same with another frame number. */
  public DatagramError inFrame(int number) {
    return new DatagramError(
        number, timeNanos, sender, ttl, icmp, mtuBytes, quotedSource, quotedDestination);
  }
}
