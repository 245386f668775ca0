package org.mssbridge.casefile;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.clock.Clock;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePiece;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.FileState;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;

/** The captures of a pair and their files, as rows of the case file. */
final class CaptureRows {
  private final String pair;
  private final Rows rows;

  CaptureRows(String pair, Rows rows) {
    this.pair = pair;
    this.rows = rows;
  }

  /** Adds the captures of a report, in the order of the path. */
  void read(Report report) throws SQLException {
    int position = 0;
    for (ReadCapture capture : report.captures()) {
      CapturePoint point = capture.point();
      Clock clock = report.evidence().comparison().clocks().at(point).orElse(Clock.identity());
      capture(
          point,
          position++,
          Optional.of(capture.content().extent()),
          Optional.of(clock),
          capture.lastingCommand(),
          givenPoint(capture));
      files(point, capture.input().pieces());
    }
  }

  /** The point that the user named; empty if it is that of the capture. */
  private static Optional<String> givenPoint(ReadCapture capture) {
    return Optional.of(capture.input().given())
        .filter(given -> !given.equals(capture.point()))
        .map(CapturePoint::name);
  }

  /** Adds captures that were named but not compared, in the order of the path. */
  void notRead(List<CaptureSource> sources) throws SQLException {
    int position = 0;
    for (CaptureSource source : sources) {
      capture(
          source.point(),
          position++,
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty());
      files(
          source.point(),
          source.files().stream()
              .map(file -> new CapturePiece(file, OptionalInt.empty()))
              .toList());
    }
  }

  private void capture(
      CapturePoint point,
      int position,
      Optional<PointCapture.Extent> extent,
      Optional<Clock> clock,
      List<String> command,
      Optional<String> givenPoint)
      throws SQLException {
    Optional<PointCapture.Extent> timed = extent.filter(PointCapture.Extent::hasTime);
    rows.add(
        Row.of("capture")
            .set("pair", pair)
            .set("point", point.name())
            .set("position", position)
            .set("packets", extent.map(PointCapture.Extent::packets))
            .set("first", timed.map(e -> Times.ofNanos(e.firstNanos())))
            .set("last", timed.map(e -> Times.ofNanos(e.lastNanos())))
            .set("complete", extent.map(PointCapture.Extent::complete))
            .set("clock_offset_s", clock.map(Clock::offsetSeconds))
            .set("clock_low_s", clock.map(Clock::lowSeconds))
            .set("clock_high_s", clock.map(Clock::highSeconds))
            .set("clock_drift_ppm", clock.map(Clock::driftPpm))
            .set("command", JsonText.of(command))
            .set("given_point", givenPoint));
  }

  private void files(CapturePoint point, List<CapturePiece> pieces) throws SQLException {
    int number = 0;
    for (CapturePiece piece : pieces) {
      FileState file = piece.file();
      rows.add(
          Row.of("capture_file")
              .set("pair", pair)
              .set("point", point.name())
              .set("number", number++)
              .set("file", file.path().toString())
              .set("sha256", file.sha256())
              .set("bytes", file.exists() ? file.bytes() : null)
              .set("modified", file.exists() ? Times.of(file.modified()) : null)
              .set("first_frame", piece.firstFrame()));
    }
  }
}
