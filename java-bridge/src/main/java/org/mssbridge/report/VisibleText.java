package org.mssbridge.report;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text that may hold hostile characters, made fit for one line of a packet comment or of a message.
 */
final class VisibleText {
  /** The length field of a pcapng option has 16 bits (draft-ietf-opsawg-pcapng, section 3.5). */
  static final int MAX_BYTES = 65_535;

  private static final byte[] ELLIPSIS = "…".getBytes(StandardCharsets.UTF_8);

  private VisibleText() {}

  /**
   * The same text on one line: control characters, line separators and bidirectional controls
   * become {@code \xNN} or <code>&#92;u{N…}</code>, and so do surrogates without their partner.
   */
  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isHidden(c) || Character.isSurrogate(c)) {
        return escaped(text);
      }
    }
    return text;
  }

  /**
   * {@link #of} in UTF-8, at most {@value #MAX_BYTES} bytes: a longer text is cut between
   * characters, with "…".
   */
  static byte[] utf8(String text) {
    byte[] bytes = of(text).getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_BYTES) {
      return bytes;
    }
    int end = MAX_BYTES - ELLIPSIS.length;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    byte[] cut = Arrays.copyOf(bytes, end + ELLIPSIS.length);
    System.arraycopy(ELLIPSIS, 0, cut, end, ELLIPSIS.length);
    return cut;
  }

  private static String escaped(String text) {
    StringBuilder line = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (isHidden(c)) {
                line.append(c < 0x100 ? String.format("\\x%02x", c) : String.format("\\u{%x}", c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }

  private static boolean isHidden(int c) {
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
      return true;
    }
    return switch (c) {
      case 0x061C, 0x200E, 0x200F, 0x2028, 0x2029 -> true;
      case 0x202A, 0x202B, 0x202C, 0x202D, 0x202E -> true;
      case 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF -> true;
      default -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    };
  }
}
