package org.mssbridge.split;

import java.util.StringJoiner;

/** An Ethernet address as text. */
final class Mac {
  private Mac() {}

  /** Six bytes in hexadecimal digits, with colons. */
  static String text(long address) {
    StringJoiner text = new StringJoiner(":");
    for (int shift = 40; shift >= 0; shift -= 8) {
      text.add(String.format("%02x", address >>> shift & 0xff));
    }
    return text.toString();
  }
}
