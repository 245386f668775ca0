package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.match.CaptureGaps;
import org.mssbridge.match.TracedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/**
 * Bytes that were acknowledged and that the capture does not hold: it lost them, not the network.
 */
final class CaptureMissedPackets implements Rule {
  static final Kind KIND =
      new Kind(
          "capture.missed-packets",
          Severity.NOTE,
          Group.SEQUENCE,
          "the capture does not hold bytes that were acknowledged");

  record Missed(CapturePoint point, Direction way, long bytes, int gaps) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the capture at %s misses %d bytes sent %s that it saw acknowledged: they passed, and the"
              + " capture lost them",
          point, bytes, way.label());
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(way);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name()).and("missed_bytes", bytes).and("gaps", gaps);
    }

    @Override
    public String nextStep() {
      return "look for drops of the capture itself (dumpcap and tcpdump count them; larger buffers,"
          + " a snapshot length, a capture filter), for an overrun mirror port, or for a second way"
          + " that the packets took";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PointCapture capture : evidence.comparison().path()) {
      for (Direction direction : Direction.values()) {
        check(evidence.comparison().connections(), capture.point(), direction, findings);
      }
    }
  }

  private static void check(
      List<TracedConnection> connections,
      CapturePoint point,
      Direction direction,
      Findings findings) {
    long bytes = 0;
    int gaps = 0;
    for (TracedConnection traced : connections) {
      CaptureGaps here = gaps(traced, point, direction);
      bytes += here == null ? 0 : here.bytes();
      gaps += here == null ? 0 : here.size();
    }
    if (gaps == 0) {
      return;
    }
    Missed missed = new Missed(point, direction, bytes, gaps);
    for (TracedConnection traced : connections) {
      CaptureGaps here = gaps(traced, point, direction);
      for (int i = 0; here != null && i < here.size(); i++) {
        findings.add(missed, occurrence(traced, point, here, i));
      }
    }
  }

  private static CaptureGaps gaps(
      TracedConnection traced, CapturePoint point, Direction direction) {
    Optional<Connection> connection = traced.at().at(point);
    return connection.map(seen -> CaptureGaps.of(seen, direction)).orElse(null);
  }

  private static Occurrence occurrence(
      TracedConnection traced, CapturePoint point, CaptureGaps gaps, int i) {
    return Occurrence.on(traced.id())
        .at(point, gaps.acknowledgedFrame()[i])
        .saying(
            String.format(
                "acknowledges bytes that this capture does not hold (relative sequence numbers %d"
                    + " to %d)",
                gaps.start()[i], gaps.end()[i] - 1))
        .with(
            Facts.of("relative_sequence", gaps.start()[i])
                .and("missed_bytes", gaps.end()[i] - gaps.start()[i]));
  }
}
