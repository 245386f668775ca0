package org.mssbridge.capturefile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.mssbridge.model.Printable;

/**
 * Makes text that may contain hostile characters safe for one line of a packet comment or message.
 */
final class VisibleText {
  /** The length field of a pcapng option has 16 bits (draft-ietf-opsawg-pcapng, section 3.5). */
  static final int MAX_BYTES = 65_535;

  private static final byte[] ELLIPSIS = "…".getBytes(StandardCharsets.UTF_8);

  private VisibleText() {}

  /**
   * {@link Printable#of(String)} in UTF-8, at most {@value #MAX_BYTES} bytes: a longer text is cut
   * between characters and ends with "…".
   */
  static byte[] utf8(String text) {
    byte[] bytes = Printable.of(text).getBytes(StandardCharsets.UTF_8);
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
}
