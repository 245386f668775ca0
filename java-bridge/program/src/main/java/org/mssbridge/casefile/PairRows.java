package org.mssbridge.casefile;

import java.sql.SQLException;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.FrameRef;
import org.mssbridge.model.Severity;
import org.mssbridge.report.ConnectionSummary;
import org.mssbridge.report.FactsJson;
import org.mssbridge.report.FrameTimes;
import org.mssbridge.report.Report;

/** What a report says of a pair, as rows of the case file. */
final class PairRows {
  private final String pair;
  private final Report report;
  private final Comparison comparison;
  private final FrameTimes times;
  private final Rows rows;

  PairRows(String pair, Report report, Rows rows) {
    this.pair = pair;
    this.report = report;
    this.comparison = report.evidence().comparison();
    this.times = new FrameTimes(report);
    this.rows = rows;
  }

  /** Writes everything but captures. */
  void add() throws SQLException {
    for (TracedConnection traced : comparison.connections()) {
      connection(traced);
    }
    int number = 0;
    for (Findings.Reported reported : report.findings()) {
      finding(number++, reported);
    }
  }

  private Clock clock(CapturePoint point) {
    return comparison.clocks().at(point).orElse(Clock.identity());
  }

  private void connection(TracedConnection traced) throws SQLException {
    ConnectionSummary summary = new ConnectionSummary(report.evidence(), traced);
    rows.add(
        "connection",
        pair,
        traced.id(),
        Times.ofNanos(firstNanos(traced)),
        traced.at().points().size(),
        traced.confidence(),
        summary.isnDelta(Direction.C2S),
        summary.isnDelta(Direction.S2C),
        summary.isSackTranslated(),
        summary.lostSegments(Direction.C2S),
        summary.lostSegments(Direction.S2C),
        summary.lostBytes(Direction.C2S),
        summary.lostBytes(Direction.S2C));
    for (PointCapture capture : comparison.captures()) {
      Optional<Connection> seen = traced.at().at(capture.point());
      if (seen.isPresent()) {
        sighting(traced, capture.point(), seen.get());
      }
    }
    for (PairedConnection paired : traced.pairs()) {
      rows.add(
          "pairing",
          pair,
          traced.id(),
          paired.nearPoint(Direction.C2S).name(),
          paired.farPoint(Direction.C2S).name(),
          paired.confidence(),
          JsonText.of(paired.matchedBy()),
          JsonText.of(
              report.evidence().middlebox(paired).names().stream()
                  .sorted()
                  .map(PathFunction::label)
                  .toList()));
    }
  }

  private void sighting(TracedConnection traced, CapturePoint point, Connection seen)
      throws SQLException {
    rows.add(
        "sighting",
        pair,
        traced.id(),
        point.name(),
        seen.client().toString(),
        seen.server().toString(),
        seen.stream(),
        seen.segments(),
        seen.firstFrame(),
        seen.flow(Direction.C2S).announcedMss(),
        seen.flow(Direction.S2C).announcedMss());
  }

  private long firstNanos(TracedConnection traced) {
    long first = Long.MAX_VALUE;
    for (CapturePoint point : traced.at().points()) {
      long nanos = traced.at().at(point).orElseThrow().firstTimeNanos();
      first = Math.min(first, clock(point).referenceNanos(nanos));
    }
    return first;
  }

  private void finding(int number, Findings.Reported reported) throws SQLException {
    Finding finding = reported.finding();
    Optional<Change> change = finding.change();
    LongSummaryStatistics seen = new LongSummaryStatistics();
    for (Occurrence occurrence : reported.occurrences()) {
      for (FrameRef frame : occurrence.frames()) {
        times.nanos(frame).ifPresent(n -> seen.accept(clock(frame.point()).referenceNanos(n)));
      }
    }
    rows.add(
        "finding",
        pair,
        number,
        finding.kind().code(),
        finding.severity().label(),
        finding.severity().compareTo(Severity.COMMENT),
        finding.kind().group().label(),
        finding.direction().map(Direction::label),
        finding.facts().values().get("near_point"),
        finding.facts().values().get("far_point"),
        change.map(Change::near),
        change.map(Change::far),
        finding.message(),
        reported.occurrences().size(),
        seen.getCount() == 0 ? null : Times.ofNanos(seen.getMin()),
        seen.getCount() == 0 ? null : Times.ofNanos(seen.getMax()),
        FactsJson.text(reported),
        finding.nextStep(),
        null);
    for (Occurrence occurrence : reported.occurrences()) {
      place(number, occurrence);
    }
    int rank = 1;
    for (Cause cause : finding.causes()) {
      rows.add(
          "cause",
          pair,
          number,
          rank++,
          cause.cause(),
          JsonText.of(cause.supporting()),
          JsonText.of(cause.against()),
          cause.source());
    }
  }

  private void place(int number, Occurrence occurrence) throws SQLException {
    if (occurrence.connection().isPresent()) {
      rows.add("finding_connection", pair, number, occurrence.connection());
    }
    for (FrameRef frame : occurrence.frames()) {
      OptionalLong nanos = times.nanos(frame);
      rows.add(
          "finding_frame",
          pair,
          number,
          frame.point().name(),
          frame.frame(),
          occurrence.connection(),
          nanos.isPresent() ? Times.ofNanos(nanos.getAsLong()) : null,
          occurrence.message().isEmpty() ? null : occurrence.message());
    }
  }
}
