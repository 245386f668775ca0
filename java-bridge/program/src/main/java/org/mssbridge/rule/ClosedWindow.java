package org.mssbridge.rule;

import java.util.Optional;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Life;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * Connections that stall because their receiver does not read.
 *
 * @param receiver the direction in which the receiver announces its window
 * @param point the point nearest to it
 */
record ClosedWindow(Direction receiver, CapturePoint point) implements Finding {
  @Override
  public Kind kind() {
    return ConnectionStalled.KIND;
  }

  @Override
  public String message() {
    return String.format(
        "the receive window of the %s stays closed: its application does not read, so the fault is"
            + " %s",
        Words.sender(receiver), Words.behind(point, receiver));
  }

  @Override
  public Optional<Direction> direction() {
    return Optional.of(receiver.reverse());
  }

  @Override
  public Facts facts() {
    return Facts.of("near_point", point.name())
        .and("far_point", point.name())
        .and("place", "window-closed");
  }

  @Override
  public String nextStep() {
    return "look why the application on the " + Words.sender(receiver) + " stopped reading then";
  }

  static void report(Life life, CapturePoint point, Ending.WindowClosed closed, Findings findings) {
    SegmentTable table = life.at(point).clientToServer().table();
    Direction receiver = closed.direction().reverse();
    int closedFrame = table.frame(closed.closedRow());
    Occurrence occurrence =
        Occurrence.on(life.connection().id())
            .at(point, closedFrame)
            .at(point, table.frame(closed.lastRow()));
    String end = "";
    if (closed.resetRow() >= 0) {
      occurrence = occurrence.at(point, table.frame(closed.resetRow()));
      end = "; then a RST ends it (frame " + table.frame(closed.resetRow()) + ")";
    }
    findings.add(
        new ClosedWindow(receiver, point),
        occurrence
            .saying(
                String.format(
                    "%s: from frame %d at %s on the window of the %s is 0, for %s, while the %s"
                        + " sends %s%s",
                    life.name(point),
                    closedFrame,
                    point,
                    Words.sender(receiver),
                    Words.seconds(closed.nanos()),
                    Words.sender(closed.direction()),
                    Words.count(closed.probes(), "segment"),
                    end))
            .with(Facts.of("probes", closed.probes()).and("closed_s", closed.nanos() / 1e9)));
  }
}
