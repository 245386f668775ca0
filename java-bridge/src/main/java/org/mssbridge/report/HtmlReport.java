package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report as one page that needs nothing else: no server, no network, no other file. What comes
 * from captures stands in it as JSON only, which no browser takes for markup or for a script; the
 * page's own script and style are the only ones that its policy lets run, each by its digest
 * (Content Security Policy Level 3, section 2.3.1).
 */
public final class HtmlReport {
  private static final String SCRIPTS =
      "uplot/uPlot.iife.min.js dom.js data.js path.js findings.js connections.js ladder-layout.js"
          + " ladder.js plot.js connection.js main.js";
  private static final Pattern SLOT = Pattern.compile("@([A-Z]+)@");

  /** Nothing but ASCII, and none of the signs that mean something to HTML. */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .characterEscapes(new MarkupEscapes())
          .build();

  private final Report report;
  private final OutputStream stream;

  private HtmlReport(Report report, OutputStream stream) {
    this.report = report;
    this.stream = stream;
  }

  /** Escapes what could end a script element or begin a comment in one. */
  private static final class MarkupEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      for (char c : new char[] {'<', '>', '&', '\'', 0x7f}) {
        codes[c] = ESCAPE_STANDARD;
      }
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int c) {
      return null;
    }
  }

  /** Writes a part of the page as JSON. */
  private interface Json {
    void write(JsonGenerator out) throws IOException;
  }

  /**
   * Writes the page; the stream stays open.
   *
   * @throws IOException if writing fails
   */
  public static void write(Report report, OutputStream stream) throws IOException {
    new HtmlReport(report, stream).write();
  }

  private void write() throws IOException {
    String style = "\n" + asset("uplot/uPlot.min.css") + asset("page.css");
    StringBuilder script = new StringBuilder("\n");
    for (String name : List.of(SCRIPTS.split(" "))) {
      script.append(asset(name));
    }
    String template = asset("page.html");
    Matcher slot = SLOT.matcher(template);
    int from = 0;
    while (slot.find()) {
      print(template.substring(from, slot.start()));
      switch (slot.group(1)) {
        case "POLICY" -> print(policy(style, script.toString()));
        case "STYLE" -> print(style);
        case "SCRIPT" -> print(script.toString());
        case "LICENCE" -> print(asset("uplot/LICENSE"));
        case "REPORT" -> json(out -> JsonReport.write(report, out));
        case "PATH" -> json(out -> new PathJson(report.evidence(), out).write());
        case "LADDERS" -> ladders();
        default -> throw new IllegalStateException("page.html: no such slot: " + slot.group());
      }
      from = slot.end();
    }
    print(template.substring(from));
  }

  private static String policy(String style, String script) {
    return String.format(
        Locale.ROOT,
        "default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'",
        digest(script),
        digest(style));
  }

  private static String digest(String inline) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return "sha256-"
          + Base64.getEncoder()
              .encodeToString(sha256.digest(inline.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A line for each connection, so that the page parses only the one that is opened. */
  private void ladders() throws IOException {
    LadderJson ladders = new LadderJson(report);
    for (var traced : report.evidence().comparison().connections()) {
      json(out -> ladders.write(traced, out));
      print("\n");
    }
  }

  private void json(Json part) throws IOException {
    try (JsonGenerator out = JSON.createGenerator(stream)) {
      out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      part.write(out);
    }
  }

  private void print(String text) throws IOException {
    stream.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String asset(String name) throws IOException {
    try (InputStream in = HtmlReport.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the program is incomplete: page/" + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
