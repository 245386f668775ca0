package org.mssbridge.casefile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * All findings of a case as newline-delimited JSON, one object per finding. The keys are those of
 * the findings in a JSON report, with the pair, its files, the boundary and the times added.
 */
public final class FindingsNdjson {
  private static final List<String> TEXTS =
      List.of("pair", "code", "severity", "direction", "near_point", "far_point");
  private static final List<String> MORE_TEXTS =
      List.of("message", "next_step", "first", "last", "accepted");

  private final JsonGenerator json;
  private final PairFiles files;

  private FindingsNdjson(JsonGenerator json, PairFiles files) {
    this.json = json;
    this.files = files;
  }

  /** Writes all findings; the stream stays open. */
  public static void write(CaseFile file, OutputStream output) throws IOException {
    // Escaped, marks that change the text direction stay visible in any viewer.
    JsonFactory factory =
        new JsonFactoryBuilder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();
    try (JsonGenerator json = factory.createGenerator(output)) {
      json.setRootValueSeparator(null);
      FindingRows.each(file, new FindingsNdjson(json, new PairFiles(file))::finding);
    }
  }

  private void finding(
      ResultSet finding,
      FindingRows.Part connections,
      FindingRows.Part frames,
      FindingRows.Part causes)
      throws SQLException, IOException {
    files.of(finding.getString("pair"));
    json.writeStartObject();
    json.writeNumberField("finding", finding.getInt("finding"));
    texts(finding, TEXTS);
    json.writeStringField("group", finding.getString("finding_group"));
    json.writeStringField("near", finding.getString("near_value"));
    json.writeStringField("far", finding.getString("far_value"));
    texts(finding, MORE_TEXTS);
    json.writeNumberField("count", finding.getLong("count"));
    json.writeArrayFieldStart("connections");
    while (connections.next()) {
      json.writeNumber(connections.row().getInt("connection"));
    }
    json.writeEndArray();
    frames(frames);
    files();
    json.writeFieldName("facts");
    json.writeRawValue(finding.getString("facts"));
    causes(causes);
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void texts(ResultSet row, List<String> columns) throws SQLException, IOException {
    for (String column : columns) {
      json.writeStringField(column, row.getString(column));
    }
  }

  private void frames(FindingRows.Part frames) throws SQLException, IOException {
    json.writeObjectFieldStart("frames");
    String point = null;
    while (frames.nextFrame()) {
      String at = frames.row().getString("point");
      if (!at.equals(point)) {
        if (point != null) {
          json.writeEndArray();
        }
        json.writeArrayFieldStart(at);
        point = at;
      }
      json.writeNumber(frames.row().getLong("frame"));
    }
    if (point != null) {
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void files() throws IOException {
    json.writeObjectFieldStart("files");
    for (Map.Entry<String, List<PairFiles.Part>> point : files.files().entrySet()) {
      json.writeArrayFieldStart(point.getKey());
      for (PairFiles.Part part : point.getValue()) {
        json.writeStartObject();
        json.writeStringField("file", part.file());
        json.writeStringField("sha256", part.sha256().orElse(null));
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void causes(FindingRows.Part causes) throws SQLException, IOException {
    json.writeArrayFieldStart("causes");
    while (causes.next()) {
      ResultSet cause = causes.row();
      json.writeStartObject();
      json.writeStringField("cause", cause.getString("cause"));
      json.writeFieldName("for");
      json.writeRawValue(cause.getString("supporting"));
      json.writeFieldName("against");
      json.writeRawValue(cause.getString("against"));
      json.writeStringField("source", cause.getString("source"));
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
