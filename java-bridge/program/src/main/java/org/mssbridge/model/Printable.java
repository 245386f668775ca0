package org.mssbridge.model;

import java.nio.file.Path;

/**
 * Makes text from captures, file names and other programs safe to show on one line: control
 * characters, line breaks, invisible characters and those that change the writing direction appear
 * as {@code \xNN} or <code>&#92;u{N…}</code>, and so do unpaired surrogates.
 */
public final class Printable {
  private Printable() {}

  /** What Java reads where bytes are no text in the encoding of this system. */
  private static final char NO_TEXT = '\uFFFD';

  /**
   * Whether a name is text in the encoding of this system. Any other reaches Java changed, as an
   * argument, and other programs, from Java; it then names another file or none.
   */
  public static boolean isText(String name) {
    return name.indexOf(NO_TEXT) < 0;
  }

  /** The name of a file, safe to print. */
  public static String of(Path path) {
    return of(path.toString());
  }

  /** The text with everything escaped that a terminal or a page could interpret. */
  public static String of(String text) {
    if (text.codePoints().allMatch(Printable::isHarmless)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (isHarmless(c)) {
                escaped.appendCodePoint(c);
              } else {
                escaped.append(String.format(c < 0x100 ? "\\x%02x" : "\\u{%x}", c));
              }
            });
    return escaped.toString();
  }

  private static boolean isHarmless(int c) {
    if (c >= 0x20 && c < 0x7f) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
