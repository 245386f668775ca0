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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A self-contained page: no server, no network, no other file. Text from captures appears in it as
 * JSON only, which no browser takes for markup or for a script. The page's policy allows only its
 * own script and style, each by its digest (Content Security Policy Level 3, section 2.3.1).
 */
public final class HtmlPage {
  private static final Pattern SLOT = Pattern.compile("@([A-Z]+)@");

  /** Writes ASCII only, and escapes the characters that have a meaning in HTML. */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .characterEscapes(new MarkupEscapes())
          .build();

  private final String template;
  private final List<String> scripts;
  private final Map<String, List<Json>> slots = new LinkedHashMap<>();

  /** Writes a part of the page as JSON. */
  public interface Json {
    /** Writes one value. */
    void write(JsonGenerator out) throws IOException;
  }

  /** Escapes the characters that could end a script element or begin a comment in one. */
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

  /**
   * A page without content.
   *
   * @param template a file in the folder {@code page}, with the placeholders {@code @STYLE@},
   *     {@code @SCRIPT@}, {@code @POLICY@}, {@code @LICENCE@} and the slots
   * @param scripts files of that folder, in the order in which they run
   */
  public HtmlPage(String template, List<String> scripts) {
    this.template = template;
    this.scripts = List.copyOf(scripts);
  }

  /** The page with values in a slot of the template, one per line. */
  public HtmlPage with(String slot, List<Json> values) {
    slots.put(slot, List.copyOf(values));
    return this;
  }

  /**
   * Writes the page without closing the stream.
   *
   * @throws IOException if writing fails
   */
  public void write(OutputStream stream) throws IOException {
    String style = "\n" + asset("uplot/uPlot.min.css") + asset("page.css");
    StringBuilder script = new StringBuilder("\n");
    for (String name : scripts) {
      script.append(asset(name));
    }
    String page = asset(template);
    Matcher slot = SLOT.matcher(page);
    int from = 0;
    while (slot.find()) {
      print(page.substring(from, slot.start()), stream);
      switch (slot.group(1)) {
        case "POLICY" -> print(policy(style, script.toString()), stream);
        case "STYLE" -> print(style, stream);
        case "SCRIPT" -> print(script.toString(), stream);
        case "LICENCE" -> print(asset("uplot/LICENSE"), stream);
        default -> values(slot.group(1), stream);
      }
      from = slot.end();
    }
    print(page.substring(from), stream);
  }

  private void values(String slot, OutputStream stream) throws IOException {
    List<Json> values = slots.get(slot);
    if (values == null) {
      throw new IllegalStateException(template + ": nothing for @" + slot + "@");
    }
    for (Json value : values) {
      try (JsonGenerator out = JSON.createGenerator(stream)) {
        out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        value.write(out);
      }
      print("\n", stream);
    }
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

  private static void print(String text, OutputStream stream) throws IOException {
    stream.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String asset(String name) throws IOException {
    try (InputStream in = HtmlPage.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the program is incomplete: page/" + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
