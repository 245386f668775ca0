package org.mssbridge.model;

import java.util.Optional;

/**
 * Type and code of an ICMP error, and what a translator between IPv4 and IPv6 makes of it.
 *
 * @param ipv6 whether it is ICMPv6
 * @param type the type
 * @param code the code
 */
public record IcmpCode(boolean ipv6, int type, int code) {
  /** Fragmentation needed, and DF set (RFC 792). */
  public static final IcmpCode FRAGMENTATION_NEEDED = new IcmpCode(false, 3, 4);

  /** RFC 4443, section 3.2. */
  public static final IcmpCode PACKET_TOO_BIG = new IcmpCode(true, 2, 0);

  /**
   * The type and code on the other side of a translator; empty where it must drop the message (RFC
   * 7915, sections 4.2 and 5.2).
   */
  public Optional<IcmpCode> translated() {
    return Optional.ofNullable(ipv6 ? toIpv4() : toIpv6());
  }

  /** RFC 7915, section 4.2. */
  private IcmpCode toIpv6() {
    return switch (type) {
      case 3 ->
          switch (code) {
            case 0, 1, 5, 6, 7, 8, 11, 12 -> new IcmpCode(true, 1, 0);
            case 2 -> new IcmpCode(true, 4, 1);
            case 3 -> new IcmpCode(true, 1, 4);
            case 4 -> PACKET_TOO_BIG;
            case 9, 10, 13, 15 -> new IcmpCode(true, 1, 1);
            default -> null;
          };
      case 11 -> new IcmpCode(true, 3, code);
      case 12 -> code == 0 || code == 2 ? new IcmpCode(true, 4, 0) : null;
      default -> null;
    };
  }

  /** RFC 7915, section 5.2. */
  private IcmpCode toIpv4() {
    return switch (type) {
      case 1 ->
          switch (code) {
            case 0, 2, 3 -> new IcmpCode(false, 3, 1);
            case 1 -> new IcmpCode(false, 3, 10);
            case 4 -> new IcmpCode(false, 3, 3);
            default -> null;
          };
      case 2 -> FRAGMENTATION_NEEDED;
      case 3 -> new IcmpCode(false, 11, code);
      case 4 ->
          switch (code) {
            case 0 -> new IcmpCode(false, 12, 0);
            case 1 -> new IcmpCode(false, 3, 2);
            default -> null;
          };
      default -> null;
    };
  }

  /** Whether it is "fragmentation needed" or "packet too big". */
  public boolean isTooBig() {
    return ipv6 ? type == 2 : equals(FRAGMENTATION_NEEDED);
  }

  /** For a fact: such as {@code icmpv6-1/4}. */
  public String word() {
    return (ipv6 ? "icmpv6-" : "icmp-") + type + "/" + code;
  }

  /** Such as {@code ICMPv6 1/4}. */
  @Override
  public String toString() {
    return (ipv6 ? "ICMPv6 " : "ICMP ") + type + "/" + code;
  }
}
