package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FrameRef;

/** The facts of a finding as a JSON object. */
public final class FactsJson {
  private static final JsonFactory JSON = new JsonFactory();

  private FactsJson() {}

  /** The object as text on one line. */
  public static String text(Findings.Reported reported) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      write(reported, out);
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory", e);
    }
    return text.toString();
  }

  /**
   * Writes the facts of the finding, then the values that differ between its occurrences as a list.
   */
  public static void write(Findings.Reported reported, JsonGenerator out) throws IOException {
    out.writeStartObject();
    writeValues(reported.finding().facts().values(), out);
    List<Occurrence> own =
        reported.occurrences().stream().filter(o -> !o.facts().values().isEmpty()).toList();
    if (!own.isEmpty()) {
      out.writeArrayFieldStart("occurrences");
      for (Occurrence occurrence : own) {
        out.writeStartObject();
        if (occurrence.connection().isPresent()) {
          out.writeNumberField("connection", occurrence.connection().getAsInt());
        }
        out.writeObjectFieldStart("frames");
        writeFrames(occurrence, out);
        out.writeEndObject();
        writeValues(occurrence.facts().values(), out);
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  /** The key of a frame is its point's name, with a number from the second frame of a point on. */
  private static void writeFrames(Occurrence occurrence, JsonGenerator out) throws IOException {
    Map<CapturePoint, Integer> written = new HashMap<>();
    for (FrameRef frame : new LinkedHashSet<>(occurrence.frames())) {
      int number = written.merge(frame.point(), 1, Integer::sum);
      String name = frame.point().name();
      out.writeNumberField(number == 1 ? name : name + "_" + number, frame.frame());
    }
  }

  private static void writeValues(Map<String, Object> values, JsonGenerator out)
      throws IOException {
    for (Map.Entry<String, Object> value : values.entrySet()) {
      out.writeFieldName(value.getKey());
      writeValue(value.getValue(), out);
    }
  }

  private static void writeValue(Object value, JsonGenerator out) throws IOException {
    if (value instanceof List<?> list) {
      out.writeStartArray();
      for (Object element : list) {
        writeValue(element, out);
      }
      out.writeEndArray();
    } else if (value instanceof Number number) {
      out.writeNumber(number.toString());
    } else if (value instanceof Boolean bool) {
      out.writeBoolean(bool);
    } else {
      out.writeString(String.valueOf(value));
    }
  }
}
