package org.mssbridge.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** IPv4 addresses inside IPv6 addresses, as translators between the two form them (RFC 6052). */
public final class EmbeddedIpv4 {
  /** The lengths that a prefix may have, in bytes (RFC 6052, section 2.2). */
  private static final int[] PREFIX_BYTES = {4, 5, 6, 7, 8, 12};

  /** The byte that is zero in all of them, and is passed over (RFC 6052, section 2.2). */
  private static final int RESERVED_BYTE = 8;

  private static final int IPV4_BYTES = 4;

  private EmbeddedIpv4() {}

  /**
   * Whether an IPv6 address is a prefix, an IPv4 address and a suffix of zeros.
   *
   * @param ipv6 an IPv6 address in digits
   * @param ipv4 an IPv4 address in digits
   */
  public static boolean isIn(String ipv6, String ipv4) {
    byte[] outer = bytes(ipv6);
    byte[] inner = bytes(ipv4);
    return outer.length > inner.length
        && inner.length == IPV4_BYTES
        && outer[RESERVED_BYTE] == 0
        && Arrays.stream(PREFIX_BYTES).anyMatch(prefix -> isAfter(prefix, outer, inner));
  }

  private static boolean isAfter(int prefixBytes, byte[] outer, byte[] inner) {
    int at = prefixBytes;
    for (byte value : inner) {
      at += at == RESERVED_BYTE ? 1 : 0;
      if (outer[at++] != value) {
        return false;
      }
    }
    for (; at < outer.length; at++) {
      if (outer[at] != 0) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String address) {
    try {
      // Digits only: no name is looked up.
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address: " + address, e);
    }
  }
}
