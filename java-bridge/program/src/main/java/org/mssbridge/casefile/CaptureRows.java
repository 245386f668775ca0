package org.mssbridge.casefile;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.clock.Clock;
import org.mssbridge.flow.PointCapture;

/** The captures of a pair and their files, as rows of the case file. */
final class CaptureRows {
  private final String pair;
  private final Optional<Comparison> comparison;
  private final Rows rows;

  /**
   * Of a pair.
   *
   * @param comparison what was read; empty where the pair could not be compared
   */
  CaptureRows(String pair, Optional<Comparison> comparison, Rows rows) {
    this.pair = pair;
    this.comparison = comparison;
    this.rows = rows;
  }

  /** Adds them, in the order of the path. */
  void add(List<CaseWriter.Capture> captures) throws SQLException {
    for (int position = 0; position < captures.size(); position++) {
      CaseWriter.Capture capture = captures.get(position);
      capture(capture, position);
      for (int number = 0; number < capture.files().size(); number++) {
        file(capture.point(), number, capture.files().get(number));
      }
    }
  }

  private void capture(CaseWriter.Capture capture, int position) throws SQLException {
    Optional<PointCapture> seen = comparison.map(c -> c.captures().get(position));
    Optional<PointCapture.Extent> extent = seen.map(PointCapture::extent);
    Optional<Clock> clock =
        seen.map(s -> comparison.get().clocks().at(s.point()).orElse(Clock.identity()));
    rows.add(
        Row.of("capture")
            .set("pair", pair)
            .set("point", capture.point())
            .set("position", position)
            .set("packets", extent.map(PointCapture.Extent::packets))
            .set("first", extent.map(e -> Times.ofNanos(e.firstNanos())))
            .set("last", extent.map(e -> Times.ofNanos(e.lastNanos())))
            .set("complete", extent.map(PointCapture.Extent::complete))
            .set("clock_offset_s", clock.map(Clock::offsetSeconds))
            .set("clock_low_s", clock.map(Clock::lowSeconds))
            .set("clock_high_s", clock.map(Clock::highSeconds))
            .set("clock_drift_ppm", clock.map(Clock::driftPpm))
            .set("command", JsonText.of(capture.command())));
  }

  private void file(String point, int number, CaseWriter.FileState state) throws SQLException {
    boolean isThere = state.bytes() >= 0;
    rows.add(
        Row.of("capture_file")
            .set("pair", pair)
            .set("point", point)
            .set("number", number)
            .set("file", state.path().toString())
            .set("sha256", state.sha256().isEmpty() ? null : state.sha256())
            .set("bytes", isThere ? state.bytes() : null)
            .set("modified", isThere ? Times.of(state.modified()) : null)
            .set("first_frame", state.firstFrame()));
  }
}
