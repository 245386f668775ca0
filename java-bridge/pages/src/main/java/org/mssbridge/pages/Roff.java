package org.mssbridge.pages;

import java.time.LocalDate;
import java.util.regex.Pattern;

/** A page in roff with the macros of man(7), which groff and mandoc read without a warning. */
final class Roff {
  /** mandoc asks for lines of at most 80 bytes. */
  private static final int LINE_BYTES = 76;

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private final StringBuilder page = new StringBuilder();

  /** Text of which no character means anything to roff. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> escaped.append("\\e");
        case '-' -> escaped.append("\\-");
        case '\'' -> escaped.append("\\(aq");
        case '`' -> escaped.append("\\(ga");
        case '^' -> escaped.append("\\(ha");
        case '~' -> escaped.append("\\(ti");
        case '"' -> escaped.append("\\(dq");
        case '.' -> escaped.append(i == 0 ? "\\&." : ".");
        default -> {
          if (c < 0x80) {
            escaped.append(c);
          } else {
            escaped.append(String.format("\\[u%04X]", (int) c));
          }
        }
      }
    }
    return escaped.toString();
  }

  static String bold(String text) {
    return "\\fB" + escaped(text) + "\\fR";
  }

  static String italic(String text) {
    return "\\fI" + escaped(text) + "\\fR";
  }

  /**
   * Begins a page of section 1: without hyphens, which names of commands would get.
   *
   * @param source what the page belongs to
   */
  Roff title(String name, LocalDate date, String source) {
    return line(".TH \"" + escaped(name) + "\" 1 " + date + " \"" + escaped(source) + "\"")
        .line(".nh")
        .line(".ad l");
  }

  Roff section(String title) {
    return macro("SH", title);
  }

  Roff paragraph() {
    return macro("PP");
  }

  Roff lineBreak() {
    return macro("br");
  }

  /** Begins a paragraph with a tag, which is roff. */
  Roff tag(String tag) {
    return macro("TP").line(tag);
  }

  /** A line of roff. */
  Roff line(String line) {
    page.append(line).append('\n');
    return this;
  }

  /** Plain text, in lines that end with a sentence or before they become too long. */
  Roff text(String text) {
    StringBuilder line = new StringBuilder();
    for (String word : SPACES.splitAsStream(text.strip()).toList()) {
      String next = escaped(word);
      if (line.length() > 0 && line.length() + 1 + next.length() > LINE_BYTES) {
        line(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(next);
      if (word.matches(".*[.!?]\\)?")) {
        line(line.toString());
        line.setLength(0);
      }
    }
    return line.length() == 0 ? this : line(line.toString());
  }

  /** A macro with arguments, which are text. */
  Roff macro(String name, String... arguments) {
    page.append('.').append(name);
    for (String argument : arguments) {
      page.append(" \"").append(escaped(argument)).append('"');
    }
    page.append('\n');
    return this;
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
