package org.mssbridge.mcp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A JSON object that is too large for an answer, with fewer elements in its lists, the first ones.
 * What is left out is counted in a last field, {@code left_out}, by the name of the list.
 */
final class BoundedJson {
  private static final JsonFactory JSON = new JsonFactory();

  /** How many elements each list has at most, tried one after the other. */
  private static final int[] MOST = {1000, 200, 50, 20, 10, 5, 2, 1, 0};

  private final int mostElements;
  private final int mostChars;
  private final StringWriter text = new StringWriter();
  private final Map<String, Long> leftOut = new TreeMap<>();

  private BoundedJson(int mostElements, int mostChars) {
    this.mostElements = mostElements;
    this.mostChars = mostChars;
  }

  /**
   * The object of a file, in at most so many characters.
   *
   * @throws IOException if it cannot be read, or is larger than that without any list
   */
  static String of(Path file, int mostChars) throws IOException {
    for (int most : MOST) {
      BoundedJson bounded = new BoundedJson(most, mostChars);
      try (InputStream in = Files.newInputStream(file)) {
        if (bounded.copies(in)) {
          return bounded.text.toString();
        }
      }
    }
    throw new IOException("the result is larger than " + mostChars + " characters");
  }

  private boolean copies(InputStream in) throws IOException {
    try (JsonParser json = JSON.createParser(in);
        JsonGenerator out = JSON.createGenerator(text)) {
      json.nextToken();
      out.writeStartObject();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        out.writeFieldName(name);
        json.nextToken();
        if (!copies(name, json, out)) {
          return false;
        }
      }
      if (!leftOut.isEmpty()) {
        out.writeObjectFieldStart("left_out");
        for (Map.Entry<String, Long> list : leftOut.entrySet()) {
          out.writeNumberField(list.getKey(), list.getValue());
        }
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    return text.getBuffer().length() <= mostChars;
  }

  /** Copies a value; false as soon as the text is too long. */
  private boolean copies(String path, JsonParser json, JsonGenerator out) throws IOException {
    out.flush();
    if (text.getBuffer().length() > mostChars) {
      return false;
    }
    if (json.currentToken() == JsonToken.START_OBJECT) {
      out.writeStartObject();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        out.writeFieldName(name);
        json.nextToken();
        if (!copies(path + "." + name, json, out)) {
          return false;
        }
      }
      out.writeEndObject();
    } else if (json.currentToken() == JsonToken.START_ARRAY) {
      out.writeStartArray();
      for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
        if (i >= mostElements) {
          json.skipChildren();
          leftOut.merge(path + "[]", 1L, Long::sum);
        } else if (!copies(path + "[]", json, out)) {
          return false;
        }
      }
      out.writeEndArray();
    } else {
      out.copyCurrentEvent(json);
    }
    return true;
  }
}
