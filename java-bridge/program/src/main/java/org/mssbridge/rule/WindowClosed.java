package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/** A receive window that closes for a while, as the point nearest the receiver shows it. */
final class WindowClosed implements Rule {
  static final Kind KIND =
      new Kind(
          "window.closed",
          Severity.NOTE,
          Group.SEQUENCE,
          "a receiver closes its window for a while: its sender has to wait");

  /**
   * Less is no wait: the quickest sender asks after its least timeout, 0.2 s in Linux (RFC 6298,
   * section 2.4, has 1 s; RFC 9293, section 3.8.6.1: the first probe comes after one timeout).
   */
  private static final long LEAST_NANOS = 200_000_000L;

  /**
   * Connections whose receiver closes its window.
   *
   * @param receiver the direction in which the receiver announces its window
   * @param longestNanos the longest time without a break
   */
  record Closed(Direction receiver, CapturePoint point, long longestNanos) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the %s closes its receive window for up to %s: its application reads more slowly than the"
              + " %s sends, so the wait is not the network's",
          Words.sender(receiver), Words.time(longestNanos), Words.sender(receiver.reverse()));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(receiver.reverse());
    }

    @Override
    public boolean qualifiesNoProblem() {
      return true;
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name()).and("receiver", Words.sender(receiver));
    }

    @Override
    public String nextStep() {
      return "look what the application on the " + Words.sender(receiver) + " does at that time";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    boolean alone = evidence.comparison().path().size() == 1;
    Set<Integer> ended = new HashSet<>();
    evidence.lives().stream()
        .filter(
            life ->
                life.points().stream()
                    .anyMatch(point -> life.ending(point) instanceof Ending.WindowClosed))
        .forEach(life -> ended.add(life.connection().id()));
    for (Direction receiver : Direction.values()) {
      Map<CapturePoint, List<Closing>> byPoint = new LinkedHashMap<>();
      for (TracedConnection traced : evidence.comparison().connections()) {
        if (alone || !traced.isOneSided()) {
          check(traced, receiver, ended)
              .ifPresent(
                  one -> byPoint.computeIfAbsent(one.point(), key -> new ArrayList<>()).add(one));
        }
      }
      byPoint.forEach(
          (point, some) -> {
            long longest = some.stream().mapToLong(Closing::longestNanos).max().orElse(0);
            findings.add(
                new Closed(receiver, point, longest),
                some.stream().map(Closing::occurrence).toList());
          });
    }
  }

  /** On the way a window that opens may be lost, so the point nearest the receiver counts. */
  private static Optional<Closing> check(
      TracedConnection traced, Direction receiver, Set<Integer> ended) {
    CapturePoint nearest = Evidence.nearestSender(traced, receiver);
    Connection seen = traced.at().at(nearest).orElseThrow();
    if (seen.flow(receiver).closedWindows() > 0
        && seen.flow(receiver).table().isTimed()
        && !ended.contains(traced.id())) {
      return new Walk(seen.flow(receiver), seen.flow(receiver.reverse()))
          .report(traced, seen, receiver, nearest);
    }
    return Optional.empty();
  }

  /** A connection whose window closes. */
  private record Closing(CapturePoint point, long longestNanos, Occurrence occurrence) {}

  /** The times in which a receiver's window is closed. */
  private static final class Walk {
    private final SegmentTable table;
    private int times;
    private long totalNanos;
    private long longestNanos;
    private int longestRow = -1;
    private int reopenedRow = -1;

    Walk(Flow receiver, Flow sender) {
      table = receiver.table();
      int closed = -1;
      int end = Math.max(receiver.lastRow(), sender.lastRow());
      for (int row = receiver.firstRow(); row >= 0; row = table.next(row)) {
        if ((table.flags(row) & (TcpFlags.RST | TcpFlags.FIN)) != 0) {
          end = row;
          break;
        }
        boolean isSyn = (table.flags(row) & TcpFlags.SYN) != 0; // Its window is no answer to data.
        if (table.window(row) == 0 && !isSyn) {
          closed = closed < 0 ? row : closed;
        } else if (closed >= 0) {
          add(closed, row);
          closed = -1;
        }
      }
      if (closed >= 0) {
        add(closed, end);
      }
    }

    private void add(int closed, int opened) {
      long nanos = table.timeNanos(opened) - table.timeNanos(closed);
      times++;
      totalNanos += nanos;
      if (nanos > longestNanos) {
        longestNanos = nanos;
        longestRow = closed;
        reopenedRow = opened;
      }
    }

    Optional<Closing> report(
        TracedConnection traced, Connection seen, Direction receiver, CapturePoint point) {
      if (totalNanos < LEAST_NANOS) {
        return Optional.empty();
      }
      Occurrence occurrence =
          Occurrence.on(traced.id())
              .at(point, table.frame(longestRow))
              .at(point, table.frame(reopenedRow))
              .waiting(totalNanos)
              .saying(
                  String.format(
                      "%s to %s: the window of the %s closes %s, for %s in all; the longest time"
                          + " begins with frame %d and takes %s",
                      seen.client(),
                      seen.server(),
                      Words.sender(receiver),
                      Words.count(times, "time"),
                      Words.time(totalNanos),
                      table.frame(longestRow),
                      Words.time(longestNanos)))
              .with(Facts.of("times", times).and("closed_s", totalNanos / 1e9));
      return Optional.of(new Closing(point, longestNanos, occurrence));
    }
  }
}
