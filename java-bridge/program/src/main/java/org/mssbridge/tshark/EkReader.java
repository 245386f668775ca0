package org.mssbridge.tshark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the lines of {@code tshark -T ek -e …} as they arrive. Each frame has two lines, an index
 * line, which is skipped, and a document.
 */
final class EkReader {
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, EkField> fields = EkField.byKey();
  private final Observation observation = new Observation();

  /**
   * Reads to the end of the stream.
   *
   * @param input tshark's output; not closed here
   * @param sink receives the same object for every frame, in the order of the capture
   * @throws IOException if reading fails or the input is not JSON
   */
  void read(InputStream input, Consumer<Observation> sink) throws IOException {
    try (JsonParser parser = JSON.createParser(input)) {
      parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
      while (parser.nextToken() != null) {
        if (readLine(parser)) {
          observation.settle();
          sink.accept(observation);
        }
      }
    }
  }

  private boolean readLine(JsonParser parser) throws IOException {
    boolean document = false;
    String key;
    while ((key = parser.nextFieldName()) != null) {
      parser.nextToken();
      if (key.equals("layers")) {
        observation.clear();
        readLayers(parser);
        document = true;
      } else {
        parser.skipChildren();
      }
    }
    return document;
  }

  private void readLayers(JsonParser parser) throws IOException {
    String key;
    while ((key = parser.nextFieldName()) != null) {
      EkField field = fields.get(key);
      parser.nextToken();
      if (field == null) {
        parser.skipChildren();
        continue;
      }
      while (parser.nextToken() == JsonToken.VALUE_STRING) {
        observation.add(
            field, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
      }
    }
  }
}
