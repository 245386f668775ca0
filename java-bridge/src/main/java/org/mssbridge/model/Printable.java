package org.mssbridge.model;

import java.nio.file.Path;

/**
 * Makes text from captures, file names and other programs safe to show: control characters, line
 * breaks and marks that change the direction of writing appear as escapes.
 */
public final class Printable {
  private Printable() {}

  /** The name of a file, safe to print. */
  public static String of(Path path) {
    return of(path.toString());
  }

  /** The text with everything that a terminal or a page could act upon escaped. */
  public static String of(String text) {
    int clean = 0;
    while (clean < text.length() && isHarmless(text.charAt(clean))) {
      clean++;
    }
    if (clean == text.length()) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, clean);
    for (int i = clean; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isHarmless(c)) {
        escaped.append(c);
      } else {
        escaped.append(String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c));
      }
    }
    return escaped.toString();
  }

  private static boolean isHarmless(char c) {
    if (c >= 0x20 && c < 0x7f) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED -> false;
      default -> true;
    };
  }
}
