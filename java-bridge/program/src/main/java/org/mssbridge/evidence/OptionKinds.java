package org.mssbridge.evidence;

import java.util.HexFormat;
import org.mssbridge.model.TcpOptions;

/** Names and effects of TCP option kinds (IANA, TCP Option Kind Numbers). */
public final class OptionKinds {
  private static final int MD5 = 19;
  private static final int AUTHENTICATION = 29;
  static final int MULTIPATH = 30;
  static final int FAST_OPEN = 34;

  private OptionKinds() {}

  /** The common name, such as {@code SACK-permitted}. */
  public static String name(int kind) {
    return switch (kind) {
      case TcpOptions.MSS -> "MSS";
      case TcpOptions.WINDOW_SCALE -> "window scale";
      case TcpOptions.SACK_PERMITTED -> "SACK-permitted";
      case TcpOptions.TIMESTAMPS -> "timestamps";
      case MD5 -> "MD5 signature";
      case AUTHENTICATION -> "TCP-AO";
      case MULTIPATH -> "MPTCP";
      case FAST_OPEN -> "Fast Open";
      default -> "kind " + kind;
    };
  }

  /** The cost of an option that does not arrive as it was sent. */
  public static String harm(int kind) {
    return switch (kind) {
      case TcpOptions.WINDOW_SCALE ->
          "without it a window is at most 65,535 bytes, and where the ends disagree on it they misread it";
      case TcpOptions.SACK_PERMITTED -> "each loss costs a round trip, or a timeout";
      case TcpOptions.TIMESTAMPS ->
          "no protection against wrapped numbers, coarser round-trip times";
      case MD5, AUTHENTICATION -> "a peer that insists on it drops the connection";
      case MULTIPATH -> "the connection falls back to one path";
      case FAST_OPEN -> "a round trip more for each connection";
      default -> "both ends may fall back to doing without it";
    };
  }

  /**
   * The part of an option that is compared: the shift count of window scale; only the presence of
   * timestamps, because rewritten values do no harm; the bytes of all others.
   */
  public static String value(TcpOptions options, int kind) {
    if (kind == TcpOptions.WINDOW_SCALE) {
      return Integer.toString(options.windowScale());
    }
    return kind == TcpOptions.TIMESTAMPS ? "present" : "0x" + bytes(options, kind);
  }

  /**
   * The content of the first option of a kind in hexadecimal digits; empty where it has none. Also
   * empty if the list is malformed before it (RFC 9293, section 3.1: a length below 2 or beyond the
   * end of the list): bytes after such a length are not options.
   */
  private static String bytes(TcpOptions options, int kind) {
    byte[] list;
    try {
      list = HexFormat.of().parseHex(options.bytes().replace(":", ""));
    } catch (IllegalArgumentException e) {
      return "";
    }
    int at = 0;
    while (at < list.length && list[at] != TcpOptions.END) {
      if (list[at] == TcpOptions.NOP) {
        at++;
        continue;
      }
      int length = at + 1 < list.length ? list[at + 1] & 0xff : 0;
      if (length < 2 || at + length > list.length) {
        return "";
      }
      if ((list[at] & 0xff) == kind) {
        return HexFormat.of().formatHex(list, at + 2, at + length);
      }
      at += length;
    }
    return "";
  }
}
