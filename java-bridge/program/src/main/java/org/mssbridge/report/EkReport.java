package org.mssbridge.report;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.FrameRef;

/** The findings as {@link EkLines}: one document for each frame of a finding. */
final class EkReport {
  static final Sink SINK =
      new FileSink(
          "ek",
          "write the findings as newline-delimited JSON for a _bulk request",
          Optional.empty(),
          EkReport::write);

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Report report;
  private final FrameTimes times;
  private final EkLines ek;

  private EkReport(Report report, EkLines ek) {
    this.report = report;
    this.times = new FrameTimes(report);
    this.ek = ek;
  }

  /**
   * Writes all findings, then flushes the stream but does not close it.
   *
   * @throws IOException if the stream cannot be written to
   */
  static void write(Report report, OutputStream output) throws IOException {
    try (EkLines lines = new EkLines(output)) {
      EkReport ek = new EkReport(report, lines);
      for (Reported reported : report.findings()) {
        for (Occurrence occurrence : reported.occurrences()) {
          ek.occurrence(reported.finding(), occurrence);
        }
      }
    }
  }

  private void occurrence(Finding finding, Occurrence occurrence) throws IOException {
    if (occurrence.frames().isEmpty()) {
      document(finding, occurrence, Optional.empty(), List.of());
    }
    // An occurrence may have as many frames as a capture: its first ones are looked for once.
    Map<CapturePoint, FrameRef> firsts = new LinkedHashMap<>();
    occurrence.frames().forEach(frame -> firsts.putIfAbsent(frame.point(), frame));
    for (FrameRef frame : new LinkedHashSet<>(occurrence.frames())) {
      document(finding, occurrence, Optional.of(frame), firsts.values());
    }
  }

  private void document(
      Finding finding, Occurrence occurrence, Optional<FrameRef> frame, Collection<FrameRef> firsts)
      throws IOException {
    OptionalLong nanos = frame.isPresent() ? times.nanos(frame.get()) : OptionalLong.empty();
    ek.begin(
        nanos.isPresent()
            ? Math.floorDiv(nanos.getAsLong(), NANOS_PER_MILLI)
            : report.tool().started().toEpochMilli());
    finding(finding, occurrence);
    if (frame.isPresent()) {
      frame(firsts, frame.get());
    }
    ek.end();
  }

  private void finding(Finding finding, Occurrence occurrence) throws IOException {
    ek.value("mss_finding_code", finding.kind().code());
    ek.value("mss_finding_severity", finding.severity().label());
    ek.value("mss_finding_group", finding.kind().group().label());
    ek.value(
        "mss_finding", occurrence.message().isEmpty() ? finding.message() : occurrence.message());
    if (occurrence.connection().isPresent()) {
      ek.value("mss_finding_conn", Integer.toString(occurrence.connection().getAsInt()));
    }
    Optional<Direction> direction = finding.direction();
    if (direction.isPresent()) {
      ek.value("mss_finding_direction", direction.get().label());
    }
    Optional<Change> change = finding.change();
    if (change.isPresent()) {
      ek.value("mss_finding_near", change.get().near());
      ek.value("mss_finding_far", change.get().far());
    }
  }

  /** Writes the frame and its peer, the first frame of the same occurrence at another point. */
  private void frame(Collection<FrameRef> firsts, FrameRef frame) throws IOException {
    ek.value("mss_finding_point", frame.point().name());
    Optional<FrameRef> peer =
        firsts.stream().filter(first -> !first.point().equals(frame.point())).findFirst();
    if (peer.isPresent()) {
      ek.value("mss_finding_peer", peer.get().point().name());
      ek.value("mss_finding_peer_frame", Integer.toString(peer.get().frame()));
    }
    ek.value("frame_number", Integer.toString(frame.frame()));
    ek.value("frame_file", report.fileName(frame.point()));
    Optional<String> sha256 = report.capture(frame.point()).input().sha256();
    if (sha256.isPresent()) {
      ek.value("frame_file_sha256", sha256.get());
    }
  }
}
