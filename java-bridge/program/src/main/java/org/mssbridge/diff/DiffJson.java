package org.mssbridge.diff;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.mssbridge.model.Direction;

/** The differences as one JSON object, schema {@value #SCHEMA}. */
public final class DiffJson {
  static final String SCHEMA = "mssbridge-diff/1";

  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator out;

  private DiffJson(JsonGenerator out) {
    this.out = out;
  }

  /**
   * Writes the differences without closing the stream.
   *
   * @throws IOException if writing fails
   */
  public static void write(ReportDiff diff, OutputStream stream) throws IOException {
    try (JsonGenerator out = JSON.createGenerator(stream)) {
      out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      out.setPrettyPrinter(new DefaultPrettyPrinter());
      new DiffJson(out).write(diff);
      out.writeRaw('\n');
    }
  }

  private void write(ReportDiff diff) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", SCHEMA);
    report("good", diff.good());
    report("bad", diff.bad());
    singles("added", diff.added());
    singles("gone", diff.gone());
    out.writeArrayFieldStart("changed");
    for (ReportDiff.Both both : diff.changed()) {
      out.writeStartObject();
      out.writeFieldName("good");
      finding(both.good());
      out.writeFieldName("bad");
      finding(both.bad());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("same");
    for (SavedFinding finding : diff.alike()) {
      finding(finding);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("numbers");
    for (ReportDiff.Row row : diff.rows()) {
      out.writeStartObject();
      out.writeStringField("name", row.name());
      out.writeStringField("good", row.good().isEmpty() ? null : row.good());
      out.writeStringField("bad", row.bad().isEmpty() ? null : row.bad());
      out.writeStringField("difference", row.difference().name().toLowerCase(Locale.ROOT));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("remarks");
    for (String remark : diff.remarks()) {
      out.writeString(remark);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private void report(String name, SavedReport report) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeStringField("file", report.file().toString());
    out.writeStringField("version", report.version());
    out.writeArrayFieldStart("sha256");
    for (SavedReport.Capture capture : report.captures()) {
      out.writeString(capture.sha256());
    }
    out.writeEndArray();
    out.writeNumberField("matched", report.matched());
    out.writeEndObject();
  }

  private void singles(String name, List<ReportDiff.Single> singles) throws IOException {
    out.writeArrayFieldStart(name);
    for (ReportDiff.Single single : singles) {
      out.writeStartObject();
      out.writeBooleanField("may_be_chance", single.isChance());
      out.writeFieldName("finding");
      finding(single.finding());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void finding(SavedFinding finding) throws IOException {
    out.writeStartObject();
    out.writeStringField("code", finding.place().code());
    out.writeStringField("severity", finding.severity().label());
    out.writeStringField(
        "direction", finding.place().direction().map(Direction::label).orElse(null));
    out.writeStringField("near_point", finding.place().near());
    out.writeStringField("far_point", finding.place().far());
    out.writeStringField("message", finding.message());
    out.writeNumberField("connections", finding.connections());
    out.writeObjectFieldStart("facts");
    for (Map.Entry<String, Double> fact : new TreeMap<>(finding.numbers()).entrySet()) {
      out.writeNumberField(fact.getKey(), fact.getValue());
    }
    out.writeEndObject();
    out.writeStringField("next_step", finding.nextStep());
    out.writeEndObject();
  }
}
