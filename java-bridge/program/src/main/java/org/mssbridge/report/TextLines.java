package org.mssbridge.report;

import java.util.regex.Pattern;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;

/** Lines of bounded length that are safe for a terminal. */
public final class TextLines {
  /** A space, unless a number's percent sign is after it. */
  private static final Pattern UNIT_APART = Pattern.compile(" (?!%)");

  private static final String RESET = "\u001b[0m";

  private final StringBuilder text = new StringBuilder();
  private final TextStyle style;

  /** An empty text of this style. */
  public TextLines(TextStyle style) {
    this.style = style;
  }

  /** Adds an empty line. */
  public void gap() {
    text.append('\n');
  }

  /** Adds text, broken at spaces; its further lines are indented by {@code hangingColumns}. */
  public void add(String lead, int hangingColumns, String words) {
    append(lead, hangingColumns, words, lead);
  }

  /** Adds text after the severity, which is coloured where colours are wanted. */
  public void add(Severity severity, String lead, int hangingColumns, String words) {
    append(lead, hangingColumns, words, style.colour() ? code(severity) + lead + RESET : lead);
  }

  /** Adds a line that people copy: it is not broken, however long it is. */
  public void addCommand(String lead, String command) {
    text.append(lead).append(Printable.of(command)).append('\n');
  }

  private void append(String lead, int hangingColumns, String words, String shownLead) {
    text.append(shownLead);
    int column = lead.length();
    boolean first = true;
    for (String word : UNIT_APART.split(Printable.of(words), -1)) {
      int width = word.codePointCount(0, word.length());
      if (!first && column + 1 + width > style.columns()) {
        text.append('\n').append(" ".repeat(hangingColumns));
        column = hangingColumns;
        first = true;
      }
      text.append(first ? "" : " ").append(word);
      column += width + (first ? 0 : 1);
      first = false;
    }
    text.append('\n');
  }

  /** Select Graphic Rendition (ECMA-48, section 8.3.117). */
  private static String code(Severity severity) {
    return switch (severity) {
      case ERROR -> "\u001b[1;31m";
      case WARN -> "\u001b[1;33m";
      case NOTE -> "\u001b[36m";
      case CHAT -> "\u001b[34m";
      case COMMENT -> "\u001b[32m";
    };
  }

  /** All lines that were added. */
  @Override
  public String toString() {
    return text.toString();
  }
}
