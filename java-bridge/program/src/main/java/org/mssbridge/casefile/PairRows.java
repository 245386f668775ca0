package org.mssbridge.casefile;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.Retransmissions;
import org.mssbridge.evidence.TimeSpent;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Leg;
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

/** The report on a pair, as rows of the case file. */
final class PairRows {
  private static final double NANOS_PER_MS = 1e6;

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

  /** Adds all rows of the pair except those of its captures. */
  void add() throws SQLException {
    for (TracedConnection traced : comparison.connections()) {
      connection(traced);
    }
    for (TimeSpent spent : report.evidence().timeSpent()) {
      for (TimeSpent.OfConnection one : spent.byConnection()) {
        requests(spent, one);
      }
    }
    retransmissions();
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
        Row.of("connection")
            .set("pair", pair)
            .set("connection", traced.id())
            .set("first", Times.ofNanos(firstNanos(traced)))
            .set("points", traced.at().points().size())
            .set("confidence", traced.confidence())
            .set("isn_delta_c2s", summary.isnDelta(Direction.C2S))
            .set("isn_delta_s2c", summary.isnDelta(Direction.S2C))
            .set("sack_translated", summary.isSackTranslated())
            .set("lost_segments_c2s", summary.lostSegments(Direction.C2S))
            .set("lost_segments_s2c", summary.lostSegments(Direction.S2C))
            .set("lost_bytes_c2s", summary.lostBytes(Direction.C2S))
            .set("lost_bytes_s2c", summary.lostBytes(Direction.S2C)));
    for (PointCapture capture : comparison.captures()) {
      Optional<Connection> seen = traced.at().at(capture.point());
      if (seen.isPresent()) {
        sighting(traced, capture.point(), seen.get());
      }
    }
    for (PairedConnection paired : traced.pairs()) {
      pairing(traced, paired);
    }
  }

  private void requests(TimeSpent spent, TimeSpent.OfConnection one) throws SQLException {
    rows.add(
        Row.of("request_time")
            .set("pair", pair)
            .set("connection", one.connection())
            .set("first_point", spent.first().name())
            .set("last_point", spent.last().name())
            .set("requests", one.requests())
            .set("wait_ms", one.waitNanos() / NANOS_PER_MS)
            .set("server_ms", one.serverNanos() / NANOS_PER_MS)
            .set("network_ms", one.networkNanos() / NANOS_PER_MS)
            .set("retransmission_ms", one.retransmissionNanos() / NANOS_PER_MS)
            .set("client_ms", one.clientNanos() / NANOS_PER_MS)
            .set("transfer_ms", one.transferNanos() / NANOS_PER_MS));
  }

  private void retransmissions() throws SQLException {
    Map<Integer, Integer> numbers = new HashMap<>();
    for (Retransmissions again : report.evidence().retransmissions()) {
      for (Retransmissions.OfConnection one : again.byConnection()) {
        for (var cause : again.sorted(one.causes()).entrySet()) {
          Optional<Leg> leg = cause.getKey().leg();
          rows.add(
              Row.of("retransmission")
                  .set("pair", pair)
                  .set("connection", one.connection())
                  .set("number", numbers.merge(one.connection(), 1, Integer::sum) - 1)
                  .set("direction", again.direction().label())
                  .set("cause", cause.getKey().what().label())
                  .set("near_point", leg.map(l -> l.near().name()))
                  .set("far_point", leg.map(l -> l.far().name()))
                  .set("segments", cause.getValue().segments())
                  .set("bytes", cause.getValue().bytes()));
        }
      }
    }
  }

  private void pairing(TracedConnection traced, PairedConnection paired) throws SQLException {
    rows.add(
        Row.of("pairing")
            .set("pair", pair)
            .set("connection", traced.id())
            .set("near_point", paired.nearPoint(Direction.C2S).name())
            .set("far_point", paired.farPoint(Direction.C2S).name())
            .set("confidence", paired.confidence())
            .set("matched_by", JsonText.of(paired.matchedBy()))
            .set(
                "functions",
                JsonText.of(
                    report.evidence().middlebox(paired).functions().stream()
                        .sorted()
                        .map(PathFunction::label)
                        .toList())));
  }

  private void sighting(TracedConnection traced, CapturePoint point, Connection seen)
      throws SQLException {
    rows.add(
        Row.of("sighting")
            .set("pair", pair)
            .set("connection", traced.id())
            .set("point", point.name())
            .set("client", seen.client().toString())
            .set("server", seen.server().toString())
            .set("stream", seen.stream())
            .set("frames", seen.segments())
            .set("first_frame", seen.firstFrame())
            .set("mss_c2s", seen.flow(Direction.C2S).announcedMss())
            .set("mss_s2c", seen.flow(Direction.S2C).announcedMss()));
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
    Optional<Leg> leg = finding.leg();
    Optional<Change> change = finding.change();
    LongSummaryStatistics seen = new LongSummaryStatistics();
    for (Occurrence occurrence : reported.occurrences()) {
      for (FrameRef frame : occurrence.frames()) {
        times.nanos(frame).ifPresent(n -> seen.accept(clock(frame.point()).referenceNanos(n)));
      }
    }
    boolean hasTimes = seen.getCount() > 0;
    rows.add(
        Row.of("finding")
            .set("pair", pair)
            .set("finding", number)
            .set("code", finding.kind().code())
            .set("severity", finding.severity().label())
            .set("severity_rank", finding.severity().compareTo(Severity.COMMENT))
            .set("finding_group", finding.kind().group().label())
            .set("direction", finding.direction().map(Direction::label))
            .set("near_point", leg.map(l -> l.near().name()))
            .set("far_point", leg.map(l -> l.far().name()))
            .set("subject", change.map(Change::subject))
            .set("near_value", change.map(Change::near))
            .set("far_value", change.map(Change::far))
            .set("message", finding.message())
            .set("count", reported.occurrences().size())
            .set("first", hasTimes ? Times.ofNanos(seen.getMin()) : null)
            .set("last", hasTimes ? Times.ofNanos(seen.getMax()) : null)
            .set("facts", FactsJson.text(reported))
            .set("next_step", finding.nextStep()));
    int place = 0;
    for (Occurrence occurrence : reported.occurrences()) {
      occurrence(number, place++, occurrence);
    }
    int rank = 1;
    for (Cause cause : finding.causes()) {
      cause(number, rank++, cause);
    }
  }

  private void occurrence(int finding, int number, Occurrence occurrence) throws SQLException {
    rows.add(
        Row.of("finding_occurrence")
            .set("pair", pair)
            .set("finding", finding)
            .set("occurrence", number)
            .set("connection", occurrence.connection())
            .set("message", occurrence.message().isEmpty() ? null : occurrence.message()));
    // An occurrence names a frame twice if the frame shows two things.
    for (FrameRef frame : new LinkedHashSet<>(occurrence.frames())) {
      OptionalLong nanos = times.nanos(frame);
      rows.add(
          Row.of("finding_frame")
              .set("pair", pair)
              .set("finding", finding)
              .set("occurrence", number)
              .set("point", frame.point().name())
              .set("frame", frame.frame())
              .set("time", nanos.isPresent() ? Times.ofNanos(nanos.getAsLong()) : null));
    }
  }

  private void cause(int finding, int rank, Cause cause) throws SQLException {
    rows.add(
        Row.of("cause")
            .set("pair", pair)
            .set("finding", finding)
            .set("rank", rank)
            .set("cause", cause.cause())
            .set("supporting", JsonText.of(cause.supporting()))
            .set("against", JsonText.of(cause.against()))
            .set("source", cause.source()));
  }
}
