package org.mssbridge.sieve;

import org.mssbridge.capturefile.Bytes;
import org.mssbridge.model.IpAddress;

/**
 * Writes addresses as tshark does. Most connections of a capture share an address with others, and
 * then its text.
 */
final class AddressTexts {
  private static final int RECENT = 1 << 12;

  private final String[] texts = new String[RECENT];
  private final long[] highs = new long[RECENT];
  private final long[] lows = new long[RECENT];

  /**
   * The text of an address.
   *
   * @param high the first half of an IPv6 address, 0 for IPv4
   * @param low the second half, or all of an IPv4 address
   */
  String of(boolean ipv6, long high, long low) {
    long mixed = (high * 31 + low) * 0x9e3779b97f4a7c15L + (ipv6 ? 1 : 0);
    int slot = (int) (mixed >>> 52);
    if (texts[slot] == null
        || highs[slot] != high
        || lows[slot] != low
        || (texts[slot].indexOf(':') >= 0) != ipv6) {
      texts[slot] = text(ipv6, high, low);
      highs[slot] = high;
      lows[slot] = low;
    }
    return texts[slot];
  }

  private static String text(boolean ipv6, long high, long low) {
    byte[] bytes = new byte[ipv6 ? 16 : 4];
    if (ipv6) {
      Bytes.putInt64(bytes, 0, high);
      Bytes.putInt64(bytes, 8, low);
    } else {
      Bytes.putInt32(bytes, 0, (int) low);
    }
    return IpAddress.text(bytes);
  }
}
