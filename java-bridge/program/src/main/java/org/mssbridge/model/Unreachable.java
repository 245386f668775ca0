package org.mssbridge.model;

import java.util.Map;
import java.util.OptionalInt;

/**
 * An ICMP "destination unreachable" (RFC 792; RFC 4443, section 3.1) that quotes a TCP segment, but
 * for {@link TooBig}.
 *
 * @param frame the frame number, from 1
 * @param timeNanos nanoseconds since 1970 on the capture's own clock
 * @param sender its source address
 * @param ipv6 whether it is ICMPv6
 * @param code its code
 * @param ttl TTL or hop limit of the message itself, -1 where unknown
 * @param quotedSequence raw sequence number of the quoted segment
 */
public record Unreachable(
    int frame,
    long timeNanos,
    String sender,
    boolean ipv6,
    int code,
    int ttl,
    OptionalInt quotedSequence) {
  /** RFC 792 and RFC 1812, section 5.2.7.1. */
  private static final Map<Integer, String> IPV4 =
      Map.of(
          0, "network unreachable",
          1, "host unreachable",
          2, "protocol unreachable",
          3, "port unreachable",
          9, "network administratively prohibited",
          10, "host administratively prohibited",
          13, "administratively prohibited");

  /** RFC 4443, section 3.1. */
  private static final Map<Integer, String> IPV6 =
      Map.of(
          0, "no route",
          1, "administratively prohibited",
          3, "address unreachable",
          4, "port unreachable",
          5, "source address failed policy",
          6, "reject route");

  /** What a message says of the way to the destination. */
  public enum Meaning {
    /** The host is there, and nothing takes the packet. */
    PORT,
    /** The last router gets no answer from the host. */
    HOST,
    /** A router knows no way. */
    NETWORK,
    /** A policy forbids it. */
    PROHIBITED,
    OTHER
  }

  /** What the code says. */
  public Meaning meaning() {
    if (ipv6) {
      return switch (code) {
        case 0 -> Meaning.NETWORK;
        case 1, 5, 6 -> Meaning.PROHIBITED;
        case 3 -> Meaning.HOST;
        case 4 -> Meaning.PORT;
        default -> Meaning.OTHER;
      };
    }
    return switch (code) {
      case 0, 6, 11 -> Meaning.NETWORK;
      case 1, 7, 8, 12 -> Meaning.HOST;
      case 2, 3 -> Meaning.PORT;
      case 9, 10, 13 -> Meaning.PROHIBITED;
      default -> Meaning.OTHER;
    };
  }

  /** Such as {@code ICMP port unreachable}. */
  public String text() {
    String what = (ipv6 ? IPV6 : IPV4).getOrDefault(code, "unreachable, code " + code);
    return (ipv6 ? "ICMPv6 " : "ICMP ") + what;
  }
}
