package org.mssbridge.script;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** An address and a port, written {@code 192.0.2.1:443} or {@code [2001:db8::1]:443}. */
record ScriptEndpoint(InetAddress address, int port) {
  static ScriptEndpoint take(ScriptWords words) {
    ScriptException bad = words.expected("an endpoint such as 192.0.2.1:443 or [2001:db8::1]:443");
    String word = words.take("an endpoint");
    int colon = word.lastIndexOf(':');
    if (colon < 1) {
      throw bad;
    }
    try {
      String host = word.substring(0, colon).replace("[", "").replace("]", "");
      return new ScriptEndpoint(literal(host), Integer.parseInt(word.substring(colon + 1)));
    } catch (UnknownHostException | NumberFormatException e) {
      throw bad;
    }
  }

  static InetAddress takeAddress(ScriptWords words) {
    ScriptException bad = words.expected("an IP address");
    try {
      return literal(words.take("an IP address"));
    } catch (UnknownHostException e) {
      throw bad;
    }
  }

  /** Parses an address literal; a script must never query a name server. */
  private static InetAddress literal(String text) throws UnknownHostException {
    if (!text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
      throw new UnknownHostException(text);
    }
    return InetAddress.getByName(text);
  }

  boolean isIpv6() {
    return address.getAddress().length == 16;
  }

  /** The format of reports. */
  @Override
  public String toString() {
    return (isIpv6() ? "[" + compressed() + "]" : address.getHostAddress()) + ":" + port;
  }

  /** The IPv6 address with its longest run of zero groups as {@code ::} (RFC 5952, section 4.2). */
  private String compressed() {
    String[] groups = address.getHostAddress().split(":", -1);
    int bestStart = -1;
    int bestLength = 1;
    for (int start = 0; start < groups.length; start++) {
      int end = start;
      while (end < groups.length && groups[end].equals("0")) {
        end++;
      }
      if (end - start > bestLength) {
        bestStart = start;
        bestLength = end - start;
      }
    }
    if (bestStart < 0) {
      return String.join(":", groups);
    }
    return String.join(":", java.util.Arrays.copyOfRange(groups, 0, bestStart))
        + "::"
        + String.join(
            ":", java.util.Arrays.copyOfRange(groups, bestStart + bestLength, groups.length));
  }

  /**
   * The endpoint of the {@code n}-th repetition: the n-th next port, and the next address after
   * port 65535.
   */
  ScriptEndpoint plus(int n) {
    int ports = 65536 - 1024;
    int fromFirst = Math.max(port - 1024, 0) + n;
    byte[] bytes = address.getAddress();
    int carry = fromFirst / ports;
    for (int i = bytes.length - 1; i >= 0 && carry > 0; i--) {
      carry += bytes[i] & 0xff;
      bytes[i] = (byte) carry;
      carry >>= 8;
    }
    try {
      return new ScriptEndpoint(InetAddress.getByAddress(bytes), 1024 + fromFirst % ports);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
