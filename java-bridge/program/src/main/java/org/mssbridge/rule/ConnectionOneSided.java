package org.mssbridge.rule;

import java.util.Comparator;
import java.util.List;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.Severity;

/** A connection whose SYN was seen at one point and not at another that was also capturing. */
final class ConnectionOneSided implements Rule {
  static final Kind KIND =
      new Kind(
          "connection.one-sided",
          Severity.WARN,
          Group.SEQUENCE,
          "a connection is seen at one point only");

  record OneSided(CapturePoint point, CapturePoint missing) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return "connections seen at "
          + point
          + " are not in the capture at "
          + missing
          + ", which covers their time";
    }

    @Override
    public Facts facts() {
      return Facts.of("seen_at", point.name()).and("not_seen_at", missing.name());
    }

    @Override
    public List<Cause> causes() {
      String source = "by deduction from what both captures hold";
      return List.of(
          new Cause(
              "the SYN was dropped between the points",
              List.of("the other capture was running"),
              List.of("an answer seen at " + point + " would rule that out"),
              source),
          new Cause(
              "the connection takes another path or was not captured",
              List.of(),
              List.of("other connections of the same hosts are at both points"),
              source));
    }

    @Override
    public String nextStep() {
      return "check filters and routes, and whether the capture at " + missing + " dropped packets";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Comparison comparison = evidence.comparison();
    for (TracedConnection traced : comparison.connections()) {
      for (PointCapture other : comparison.path()) {
        if (traced.at().at(other.point()).isEmpty()) {
          check(comparison, traced, other, findings);
        }
      }
    }
  }

  private static void check(
      Comparison comparison, TracedConnection traced, PointCapture other, Findings findings) {
    CapturePoint point = nearest(comparison, traced, other);
    Connection connection = traced.at().at(point).orElseThrow();
    // An ambiguous connection is in the other capture too; it is only unclear which one it is.
    if (connection.hasSyn()
        && !endsBefore(comparison, point, connection, other)
        && !comparison.isAmbiguous(point, connection.stream())
        && covers(comparison, point, connection, other)) {
      findings.add(
          new OneSided(point, other.point()),
          Occurrence.on(traced.id()).at(point, connection.firstFrame()));
    }
  }

  /**
   * Whether the path ends before the other point: an initial TTL shows that the host is at this
   * point.
   */
  private static boolean endsBefore(
      Comparison comparison, CapturePoint point, Connection connection, PointCapture other) {
    List<CapturePoint> path = comparison.path().stream().map(PointCapture::point).toList();
    boolean upstream = path.indexOf(other.point()) < path.indexOf(point);
    return InitialTtl.is(connection.flow(upstream ? Direction.C2S : Direction.S2C).firstTtl());
  }

  /** The point that saw the connection and is nearest on the path to a point that did not. */
  private static CapturePoint nearest(
      Comparison comparison, TracedConnection traced, PointCapture other) {
    List<CapturePoint> path = comparison.path().stream().map(PointCapture::point).toList();
    int otherPosition = path.indexOf(other.point());
    return traced.at().points().stream()
        .min(Comparator.comparingInt(point -> Math.abs(path.indexOf(point) - otherPosition)))
        .orElseThrow();
  }

  private static boolean covers(
      Comparison comparison, CapturePoint point, Connection connection, PointCapture other) {
    long first = connection.firstTimeNanos();
    Clock clock = comparison.clocks().at(point).orElse(Clock.identity());
    Clock otherClock = comparison.clocks().at(other.point()).orElse(Clock.identity());
    long expectedNanos = first - clock.offsetNanos(first) + otherClock.offsetNanos(first);
    return expectedNanos >= other.extent().firstNanos()
        && expectedNanos <= other.extent().lastNanos();
  }
}
