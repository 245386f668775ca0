package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.model.Direction;
import org.mssbridge.model.FrameRef;
import org.mssbridge.model.Printable;
import org.mssbridge.rule.Change;
import org.mssbridge.rule.Finding;
import org.mssbridge.rule.Findings.Reported;
import org.mssbridge.rule.Occurrence;

/**
 * The findings as newline-delimited JSON for a {@code _bulk} request, in the shape of {@code tshark
 * -T ek}: an index line and a document for each finding and frame. Every value is an array of
 * texts; what is unknown has no key.
 */
public final class EkReport {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Report report;
  private final FrameTimes times;
  private final JsonGenerator json;

  private EkReport(Report report, JsonGenerator json) {
    this.report = report;
    this.times = new FrameTimes(report);
    this.json = json;
  }

  /**
   * Writes all findings, and flushes the stream but leaves it open.
   *
   * @throws IOException if the stream cannot be written to
   */
  public static void write(Report report, OutputStream output) throws IOException {
    JsonFactory factory =
        JsonFactory.builder().configure(StreamWriteFeature.AUTO_CLOSE_TARGET, false).build();
    try (JsonGenerator json = factory.createGenerator(output)) {
      json.setRootValueSeparator(null);
      EkReport ek = new EkReport(report, json);
      for (Reported reported : report.findings()) {
        for (Occurrence occurrence : reported.occurrences()) {
          ek.occurrence(reported.finding(), occurrence);
        }
      }
    }
  }

  private void occurrence(Finding finding, Occurrence occurrence) throws IOException {
    if (occurrence.frames().isEmpty()) {
      document(finding, occurrence, Optional.empty());
    }
    for (FrameRef frame : new LinkedHashSet<>(occurrence.frames())) {
      document(finding, occurrence, Optional.of(frame));
    }
  }

  private void document(Finding finding, Occurrence occurrence, Optional<FrameRef> frame)
      throws IOException {
    OptionalLong nanos = frame.isPresent() ? times.nanos(frame.get()) : OptionalLong.empty();
    long millis =
        nanos.isPresent()
            ? Math.floorDiv(nanos.getAsLong(), NANOS_PER_MILLI)
            : report.tool().started().toEpochMilli();
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
    finding(finding, occurrence);
    if (frame.isPresent()) {
      frame(occurrence, frame.get());
    }
    json.writeEndObject();
    endLine();
  }

  private void endLine() throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void finding(Finding finding, Occurrence occurrence) throws IOException {
    value("mss_finding_code", finding.kind().code());
    value("mss_finding_severity", finding.severity().label());
    value("mss_finding_group", finding.kind().group().label());
    value("mss_finding", occurrence.message().isEmpty() ? finding.message() : occurrence.message());
    if (occurrence.connection().isPresent()) {
      value("mss_finding_conn", Integer.toString(occurrence.connection().getAsInt()));
    }
    Optional<Direction> direction = finding.direction();
    if (direction.isPresent()) {
      value("mss_finding_direction", direction.get().label());
    }
    Optional<Change> change = finding.change();
    if (change.isPresent()) {
      value("mss_finding_near", change.get().near());
      value("mss_finding_far", change.get().far());
    }
  }

  /** The peer is the first frame that shows the same at another point. */
  private void frame(Occurrence occurrence, FrameRef frame) throws IOException {
    value("mss_finding_point", frame.point().name());
    Optional<FrameRef> peer =
        occurrence.frames().stream().filter(f -> !f.point().equals(frame.point())).findFirst();
    if (peer.isPresent()) {
      value("mss_finding_peer", peer.get().point().name());
      value("mss_finding_peer_frame", Integer.toString(peer.get().frame()));
    }
    value("frame_number", Integer.toString(frame.frame()));
    value("frame_file", report.fileName(frame.point()));
    String sha256 = report.file(frame.point()).sha256();
    if (!sha256.isEmpty()) {
      value("frame_file_sha256", sha256);
    }
  }

  private void value(String name, String value) throws IOException {
    json.writeArrayFieldStart(name);
    json.writeString(Printable.of(value));
    json.writeEndArray();
  }
}
