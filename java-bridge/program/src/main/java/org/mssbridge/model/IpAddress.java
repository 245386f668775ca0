package org.mssbridge.model;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Reads and writes IP addresses as tshark prints them. */
public final class IpAddress {
  private static final byte[] NONE = {};
  private static final int IPV6_GROUPS = 8;

  private IpAddress() {}

  /**
   * The 4 or 16 bytes of a numeric address; none where the text is not one. Names are never looked
   * up: text from a capture must not cause traffic.
   */
  public static byte[] bytes(String address) {
    byte[] dotted = dotted(address);
    if (dotted != null) {
      return dotted;
    }
    for (int i = 0; i < address.length(); i++) {
      char c = address.charAt(i);
      if (c != ':' && c != '.' && Character.digit(c, 16) < 0) {
        return NONE;
      }
    }
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      return NONE;
    }
  }

  /**
   * Whether packets from or to an address stay on their link or host, or go to a group: broadcast
   * (RFC 919), multicast (RFC 5771; RFC 4291, section 2.7), link-local (RFC 3927; RFC 4291, section
   * 2.5.6), loopback and unspecified addresses.
   */
  public static boolean staysLocal(String address) {
    byte[] bytes = bytes(address);
    if (bytes.length == 4) {
      int first = bytes[0] & 0xff;
      return first == 0
          || first == 127
          || (first >= 224 && first < 240)
          || isLinkLocal(bytes)
          || address.equals("255.255.255.255");
    }
    return bytes.length == 16
        && (bytes[0] == -1 || isLinkLocal(bytes) || address.equals("::") || address.equals("::1"));
  }

  private static boolean isLinkLocal(byte[] bytes) {
    return bytes.length == 4
        ? (bytes[0] & 0xff) == 169 && (bytes[1] & 0xff) == 254
        : (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xc0) == 0x80;
  }

  /** An IPv4 address in its usual form; null where the text is anything else. */
  private static byte[] dotted(String address) {
    byte[] bytes = new byte[4];
    int group = 0;
    int value = -1;
    for (int i = 0; i < address.length(); i++) {
      char c = address.charAt(i);
      if (c >= '0' && c <= '9' && value != 0) {
        value = Math.max(0, value) * 10 + c - '0';
      } else if (c == '.' && value >= 0 && group < 3) {
        bytes[group++] = (byte) value;
        value = -1;
      } else {
        return null;
      }
      if (value > 0xff) {
        return null;
      }
    }
    bytes[3] = (byte) value;
    return group == 3 && value >= 0 ? bytes : null;
  }

  /** The text of an address of 4 or 16 bytes. */
  public static String text(byte[] address) {
    if (address.length == 4) {
      StringBuilder text = new StringBuilder(15);
      for (int at = 0; at < 4; at++) {
        text.append(at == 0 ? "" : ".").append(address[at] & 0xff);
      }
      return text.toString();
    }
    int longest = 0;
    int longestAt = 0;
    int zeros = 0;
    for (int at = 0; at < IPV6_GROUPS; at++) {
      zeros = group(address, at) == 0 ? zeros + 1 : 0;
      if (zeros > longest) {
        longest = zeros;
        longestAt = at - zeros + 1;
      }
    }
    // RFC 5952, section 4.2: the first of the longest runs, if it is longer than one group.
    return longest < 2
        ? groups(address, 0, IPV6_GROUPS)
        : groups(address, 0, longestAt) + "::" + groups(address, longestAt + longest, IPV6_GROUPS);
  }

  private static String groups(byte[] address, int from, int to) {
    StringBuilder text = new StringBuilder(40);
    for (int at = from; at < to; at++) {
      text.append(at == from ? "" : ":").append(Integer.toHexString(group(address, at)));
    }
    return text.toString();
  }

  private static int group(byte[] address, int number) {
    return (address[2 * number] & 0xff) << 8 | (address[2 * number + 1] & 0xff);
  }
}
