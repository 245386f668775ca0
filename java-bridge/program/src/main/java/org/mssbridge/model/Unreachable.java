package org.mssbridge.model;

import java.util.Map;
import java.util.OptionalInt;

/**
 * An ICMP error that says that a TCP segment, which it quotes, was not delivered: "destination
 * unreachable", "time exceeded" or "parameter problem" (RFC 792; RFC 4443, section 3). {@link
 * TooBig} is another one.
 *
 * @param frame the frame number, from 1
 * @param timeNanos nanoseconds since 1970 on the capture's own clock
 * @param sender its source address
 * @param ipv6 whether it is ICMPv6
 * @param type what it is about
 * @param code its code
 * @param ttl TTL or hop limit of the message itself, -1 where unknown
 * @param quotedIpId identification in the quoted IPv4 header, -1 for IPv6
 * @param quotedSequence raw sequence number of the quoted segment
 */
public record Unreachable(
    int frame,
    long timeNanos,
    String sender,
    boolean ipv6,
    Type type,
    int code,
    int ttl,
    int quotedIpId,
    OptionalInt quotedSequence) {
  /** RFC 792 and RFC 1812, section 5.2.7.1. */
  private static final Map<Integer, String> IPV4 =
      Map.ofEntries(
          Map.entry(0, "network unreachable"),
          Map.entry(1, "host unreachable"),
          Map.entry(2, "protocol unreachable"),
          Map.entry(3, "port unreachable"),
          Map.entry(5, "source route failed"),
          Map.entry(6, "network unknown"),
          Map.entry(7, "host unknown"),
          Map.entry(8, "source host isolated"),
          Map.entry(9, "network administratively prohibited"),
          Map.entry(10, "host administratively prohibited"),
          Map.entry(11, "network unreachable for this type of service"),
          Map.entry(12, "host unreachable for this type of service"),
          Map.entry(13, "administratively prohibited"),
          Map.entry(14, "host precedence violation"),
          Map.entry(15, "precedence cutoff in effect"));

  /** RFC 4443, section 3.1; RFC 7915, section 4.2 for the way from IPv4. */
  private static final Map<Integer, String> IPV6 =
      Map.of(
          0, "no route",
          1, "administratively prohibited",
          2, "beyond scope of the source address",
          3, "address unreachable",
          4, "port unreachable",
          5, "source address failed policy",
          6, "reject route",
          7, "error in source routing header");

  /** RFC 4443, section 3.4; RFC 7112, section 5. */
  private static final Map<Integer, String> IPV6_PARAMETER =
      Map.of(
          0, "parameter problem, erroneous header field",
          1, "parameter problem, unrecognized next header",
          2, "parameter problem, unrecognized IPv6 option",
          3, "parameter problem, first fragment without the whole header chain");

  /** What a message is about. */
  public enum Type {
    /** ICMP 3, ICMPv6 1. */
    UNREACHABLE(3, 1),
    /** ICMP 11, ICMPv6 3: the TTL is used up, or fragments do not arrive. */
    TIME_EXCEEDED(11, 3),
    /** ICMP 12, ICMPv6 4: something in the header is not understood. */
    PARAMETER(12, 4);

    private final int icmp;
    private final int icmpv6;

    Type(int icmp, int icmpv6) {
      this.icmp = icmp;
      this.icmpv6 = icmpv6;
    }

    /**
     * The type with these numbers, null where it is none of these.
     *
     * @param icmp type of an ICMP message, -1 where it is ICMPv6
     * @param icmpv6 type of an ICMPv6 message, -1 where it is ICMP
     */
    public static Type of(int icmp, int icmpv6) {
      for (Type type : values()) {
        if (type.icmp == icmp || type.icmpv6 == icmpv6) {
          return type;
        }
      }
      return null;
    }
  }

  /** What a message says of the way to the destination. */
  public enum Meaning {
    /** The host is there, and nothing takes the packet. */
    PORT,
    /** The host does not take TCP at all. */
    PROTOCOL,
    /** The last router gets no answer from the host. */
    HOST,
    /** A router knows no way. */
    NETWORK,
    /** A policy forbids it. */
    PROHIBITED,
    /** Its TTL is used up. */
    TRANSIT,
    /** Fragments of it do not arrive. */
    REASSEMBLY,
    /** Its header is not accepted. */
    HEADER,
    OTHER
  }

  /** What type and code say. */
  public Meaning meaning() {
    return switch (type) {
      case TIME_EXCEEDED ->
          code == 0 ? Meaning.TRANSIT : code == 1 ? Meaning.REASSEMBLY : Meaning.OTHER;
      // RFC 7915, section 5.2: a translator makes "protocol unreachable" of an unknown next header.
      case PARAMETER -> ipv6 && code == 1 ? Meaning.PROTOCOL : Meaning.HEADER;
      case UNREACHABLE -> ipv6 ? ofIpv6() : ofIpv4();
    };
  }

  private Meaning ofIpv6() {
    return switch (code) {
      case 0, 2 -> Meaning.NETWORK;
      case 1, 5, 6 -> Meaning.PROHIBITED;
      case 3 -> Meaning.HOST;
      case 4 -> Meaning.PORT;
      case 7 -> Meaning.HEADER;
      default -> Meaning.OTHER;
    };
  }

  private Meaning ofIpv4() {
    return switch (code) {
      case 0, 6, 11 -> Meaning.NETWORK;
      case 1, 7, 8, 12 -> Meaning.HOST;
      case 2 -> Meaning.PROTOCOL;
      case 3 -> Meaning.PORT;
      case 5 -> Meaning.HEADER;
      case 9, 10, 13, 14, 15 -> Meaning.PROHIBITED;
      default -> Meaning.OTHER;
    };
  }

  /** Its type and code as numbers. */
  public IcmpCode icmp() {
    return new IcmpCode(ipv6, ipv6 ? type.icmpv6 : type.icmp, code);
  }

  /** Whether it refuses the segment: a packet whose time is exceeded was wanted, but lost. */
  public boolean isRefusal() {
    return type != Type.TIME_EXCEEDED;
  }

  /** Such as {@code ICMP port unreachable}. */
  public String text() {
    return (ipv6 ? "ICMPv6 " : "ICMP ") + what();
  }

  private String what() {
    return switch (type) {
      case UNREACHABLE -> (ipv6 ? IPV6 : IPV4).getOrDefault(code, "unreachable, code " + code);
      case TIME_EXCEEDED ->
          switch (code) {
            case 0 -> "time exceeded in transit";
            case 1 -> "fragment reassembly time exceeded";
            default -> "time exceeded, code " + code;
          };
      case PARAMETER ->
          ipv6
              ? IPV6_PARAMETER.getOrDefault(code, "parameter problem, code " + code)
              : "parameter problem";
    };
  }
}
