package org.mssbridge.script;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The words of one script line, consumed from left to right; every error has the line number. */
final class ScriptWords {
  private static final Map<String, Integer> DECIMALS_OF_UNIT =
      Map.of("s", 9, "ms", 6, "us", 3, "ns", 0);

  final int line;
  private final List<String> words;
  private int next;

  private ScriptWords(int line, List<String> words) {
    this.line = line;
    this.words = words;
  }

  /**
   * Splits at spaces; {@code "…"} and {@code <…>} may contain spaces; {@code #} starts a comment.
   */
  static ScriptWords of(int line, String text) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char first = text.charAt(at);
      if (Character.isWhitespace(first)) {
        at++;
        continue;
      }
      if (first == '#') {
        break;
      }
      int end = endOfWord(line, text, at);
      words.add(text.substring(at, end));
      at = end;
    }
    return new ScriptWords(line, words);
  }

  /** The comma-separated parts of {@code text}, each as a line of its own. */
  static List<ScriptWords> split(int line, String text) {
    List<ScriptWords> parts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      parts.add(of(line, part));
    }
    return parts;
  }

  private static int endOfWord(int line, String text, int start) {
    char first = text.charAt(start);
    int at = start;
    if (first != '"' && first != '<') {
      while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return at;
    }
    char last = first == '"' ? '"' : '>';
    for (at++; at < text.length() && text.charAt(at) != last; at++) {
      if (text.charAt(at) == '\\') {
        at++;
      }
    }
    if (at >= text.length()) {
      throw new ScriptException(line, "expected a closing " + last);
    }
    return at + 1;
  }

  boolean atEnd() {
    return next == words.size();
  }

  boolean nextIs(String word) {
    return !atEnd() && words.get(next).equals(word);
  }

  boolean nextStartsWith(String prefix) {
    return !atEnd() && words.get(next).startsWith(prefix);
  }

  String peek() {
    return atEnd() ? "" : words.get(next);
  }

  boolean accept(String word) {
    boolean found = nextIs(word);
    next += found ? 1 : 0;
    return found;
  }

  void expect(String word) {
    if (!accept(word)) {
      throw expected("'" + word + "'");
    }
  }

  String take(String what) {
    if (atEnd()) {
      throw expected(what);
    }
    return words.get(next++);
  }

  void end() {
    if (!atEnd()) {
      throw expected("the end of the line");
    }
  }

  ScriptException expected(String what) {
    String found = atEnd() ? "the line ends" : "found '" + words.get(next) + "'";
    return new ScriptException(line, "expected " + what + ", " + found);
  }

  ScriptException error(String message) {
    return new ScriptException(line, message);
  }

  /** Decimal, with or without a sign and underscores, or hexadecimal after {@code 0x}. */
  long takeLong(String what) {
    String digits = peek().replace("_", "");
    try {
      long value = digits.startsWith("+") ? Long.decode(digits.substring(1)) : Long.decode(digits);
      next++;
      return value;
    } catch (NumberFormatException e) {
      throw expected(what);
    }
  }

  int takeInt(String what) {
    return Math.toIntExact(takeLong(what));
  }

  boolean nextIsNumber() {
    return !atEnd() && peek().matches("[-+]?(0x[0-9a-fA-F_]+|[0-9][0-9_]*)");
  }

  /** A time in seconds such as {@code 0.250}, in nanoseconds. */
  long takeTimeNanos() {
    try {
      long nanos = new BigDecimal(peek()).movePointRight(9).longValueExact();
      next++;
      return nanos;
    } catch (NumberFormatException | ArithmeticException e) {
      throw expected("a time in seconds such as 0.250");
    }
  }

  /** A number with its unit, such as {@code 20ms} or {@code -1.5s}, in nanoseconds. */
  long takeDurationNanos() {
    String word = peek();
    int unitAt = word.length();
    while (unitAt > 0 && Character.isLetter(word.charAt(unitAt - 1))) {
      unitAt--;
    }
    Integer decimals = DECIMALS_OF_UNIT.get(word.substring(unitAt));
    try {
      if (decimals != null) {
        long nanos =
            new BigDecimal(word.substring(0, unitAt)).movePointRight(decimals).longValueExact();
        next++;
        return nanos;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // Reported below.
    }
    throw expected("a duration such as 20ms");
  }

  /** Quoted text with {@code \r \n \t \" \\ \xHH}, or hexadecimal digits. */
  byte[] takeBytes(String what) {
    String word = take(what);
    if (word.startsWith("\"")) {
      return unescape(word.substring(1, word.length() - 1));
    }
    try {
      return HexFormat.of().parseHex(word);
    } catch (IllegalArgumentException e) {
      next--;
      throw expected(what + " as \"text\" or hexadecimal digits");
    }
  }

  private byte[] unescape(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c != '\\') {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      char escaped = text.charAt(++at);
      switch (escaped) {
        case 'r' -> bytes.write('\r');
        case 'n' -> bytes.write('\n');
        case 't' -> bytes.write('\t');
        case '"', '\\' -> bytes.write(escaped);
        case 'x' -> {
          bytes.write(HexFormat.fromHexDigits(text, at + 1, at + 3));
          at += 2;
        }
        default ->
            throw error("expected one of \\r \\n \\t \\\" \\\\ \\xHH, found '\\" + escaped + "'");
      }
    }
    return bytes.toByteArray();
  }
}
