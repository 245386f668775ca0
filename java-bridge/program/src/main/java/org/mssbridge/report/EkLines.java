package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.mssbridge.model.Printable;

/**
 * Newline-delimited JSON for a {@code _bulk} request, in the shape of {@code tshark -T ek}: an
 * index line and a document. Every value is an array of strings; an unknown value has no key.
 */
public final class EkLines implements Closeable {
  private final JsonGenerator json;

  /** A writer to a stream, which it does not close. */
  public EkLines(OutputStream output) throws IOException {
    JsonFactory factory =
        JsonFactory.builder().configure(StreamWriteFeature.AUTO_CLOSE_TARGET, false).build();
    json = factory.createGenerator(output);
    json.setRootValueSeparator(null);
  }

  /**
   * Begins a document in the index of its day.
   *
   * @param millis its time, in milliseconds since 1970
   */
  public void begin(long millis) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("index");
    json.writeStringField(
        "_index",
        "mssbridge-" + Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC).toLocalDate());
    json.writeEndObject();
    endLine();
    json.writeStartObject();
    json.writeStringField("timestamp", Long.toString(millis));
    json.writeObjectFieldStart("layers");
  }

  /** Adds a value. */
  public void value(String name, String value) throws IOException {
    values(name, List.of(value));
  }

  /** Adds a field with several values. */
  public void values(String name, List<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(Printable.of(value));
    }
    json.writeEndArray();
  }

  /** Ends the document. */
  public void end() throws IOException {
    json.writeEndObject();
    endLine();
  }

  private void endLine() throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
