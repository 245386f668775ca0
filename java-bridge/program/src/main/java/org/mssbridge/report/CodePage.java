package org.mssbridge.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The gist of a finding's page in {@code java-bridge/docs/findings}, which is packed into the
 * program, as plain text with code in backticks.
 *
 * @param meaning the title, after the code
 * @param fires the first paragraph of "When it fires"; each item of a list is a line that begins
 *     with "- "
 * @param sources RFCs and other sources
 */
record CodePage(String meaning, String fires, String sources) {
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern EMPHASIS = Pattern.compile("\\*+([^*]+)\\*+");
  private static final Pattern CONTINUED = Pattern.compile("\n(?!- )");
  private static final String FIRES = "## When it fires";
  private static final String SOURCES = "Sources: ";

  /**
   * Reads the page of a code.
   *
   * @throws IOException if it cannot be read
   */
  static CodePage of(String code) throws IOException {
    try (InputStream in = CodePage.class.getResourceAsStream("findings/" + code + ".md")) {
      if (in == null) {
        throw new IllegalStateException("the program is incomplete: no page of " + code);
      }
      return parse(new String(in.readAllBytes(), UTF_8));
    }
  }

  private static CodePage parse(String page) {
    List<String> lines = page.lines().toList();
    String title = lines.get(0);
    return new CodePage(
        plain(title.substring(title.indexOf("`: ") + "`: ".length())),
        plain(paragraph(lines, lines.indexOf(FIRES) + 1)),
        plain(paragraph(lines, lines.indexOf(first(lines, SOURCES))).substring(SOURCES.length())));
  }

  private static String first(List<String> lines, String start) {
    return lines.stream().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }

  private static String paragraph(List<String> lines, int from) {
    return lines.stream()
        .skip(from)
        .dropWhile(String::isBlank)
        .takeWhile(line -> !line.isBlank())
        .collect(Collectors.joining("\n"));
  }

  private static String plain(String markdown) {
    String unlinked = LINK.matcher(markdown).replaceAll("$1");
    return CONTINUED.matcher(EMPHASIS.matcher(unlinked).replaceAll("$1")).replaceAll(" ");
  }

  void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("meaning", meaning);
    out.writeStringField("fires", fires);
    out.writeStringField("sources", sources);
    out.writeEndObject();
  }
}
