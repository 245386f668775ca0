package org.mssbridge.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.EqualSegments;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/** The segments of a connection at all points, and which sightings are the same transmission. */
final class Ladder {
  private final Evidence evidence;
  private final TracedConnection traced;
  private final List<CapturePoint> points;
  private final List<Rung> rungs = new ArrayList<>();
  private final Map<Sighting, Integer> byRow = new HashMap<>();
  private final Map<Sighting, Integer> byFrame = new HashMap<>();
  private final List<int[]> links = new ArrayList<>();
  private final List<int[]> lost = new ArrayList<>();
  private final List<int[]> missed = new ArrayList<>();
  private long startNanos = Long.MAX_VALUE;
  private int total;

  /** A row of a point's table, or a frame of its capture. */
  private record Sighting(int point, int number) {}

  /**
   * One segment at one point.
   *
   * @param point the point's number on the path
   * @param timeMicros on the clock of the first capture, from the connection's first segment
   * @param position of its first byte, from the ISN
   * @param acknowledged the position that it acknowledges; 0 where it acknowledges nothing
   */
  record Rung(
      int point,
      Direction direction,
      SegmentTable table,
      int row,
      long timeMicros,
      long position,
      long acknowledged) {}

  Ladder(
      Evidence evidence,
      TracedConnection traced,
      int limit,
      Map<CapturePoint, BitSet> findingFrames) {
    this.evidence = evidence;
    this.traced = traced;
    this.points = evidence.comparison().path().stream().map(PointCapture::point).toList();
    for (CapturePoint point : traced.at().points()) {
      Connection seen = traced.at().at(point).orElseThrow();
      total += seen.segments();
      startNanos = Math.min(startNanos, referenceNanos(point, seen.firstTimeNanos()));
    }
    for (CapturePoint point : traced.at().points()) {
      BitSet frames = findingFrames.getOrDefault(point, new BitSet());
      collect(point, new LadderRows(traced.at().at(point).orElseThrow(), limit, frames));
    }
    for (PairedConnection pair : traced.pairs()) {
      if (!evidence.middlebox(pair).endsConnections()) {
        for (Direction direction : Direction.values()) {
          joinData(pair, direction);
          joinOthers(pair, direction);
        }
      }
    }
  }

  private long referenceNanos(CapturePoint point, long nanos) {
    return evidence.comparison().clocks().at(point).orElse(Clock.identity()).referenceNanos(nanos);
  }

  /** A time of a point's clock, in microseconds from the connection's start. */
  long micros(CapturePoint point, long nanos) {
    return Math.floorDiv(referenceNanos(point, nanos) - startNanos, 1000L);
  }

  /** The number that the page uses for a direction. */
  static int number(Direction direction) {
    return direction == Direction.C2S ? 0 : 1;
  }

  private void collect(CapturePoint point, LadderRows rows) {
    SegmentTable table = traced.at().at(point).orElseThrow().clientToServer().table();
    int index = points.indexOf(point);
    int[] base = {base(point, Direction.C2S), base(point, Direction.S2C)};
    long[] reached = new long[2];
    for (int i = 0; i < rows.size(); i++) {
      int row = rows.row(i);
      int way = number(rows.direction(i));
      long position = table.position(row, base[way], reached[way]);
      reached[way] = Math.max(reached[way], position);
      if (rows.isKept(i)) {
        long acknowledged =
            (table.flags(row) & TcpFlags.ACK) == 0
                ? 0
                : SequenceNumber.unwrap(
                    table.acknowledgment(row) - base[1 - way], reached[1 - way]);
        byRow.put(new Sighting(index, row), rungs.size());
        byFrame.put(new Sighting(index, table.frame(row)), rungs.size());
        rungs.add(
            new Rung(
                index,
                rows.direction(i),
                table,
                row,
                micros(point, table.timeNanos(row)),
                position,
                acknowledged));
      }
    }
  }

  /** The raw sequence number that counts as position 0 at this point: the ISN where it was seen. */
  int base(CapturePoint point, Direction direction) {
    Optional<PairedConnection> pair =
        traced.pairs().stream()
            .filter(
                p ->
                    p.nearPoint(Direction.C2S).equals(point)
                        || p.farPoint(Direction.C2S).equals(point))
            .min(Comparator.comparingInt(p -> points.indexOf(p.nearPoint(Direction.C2S))));
    if (pair.isPresent()) {
      return pair.get().base(point, direction);
    }
    Flow flow = traced.at().at(point).orElseThrow().flow(direction);
    OptionalInt isn = flow.isn();
    return isn.orElse(flow.firstRow() < 0 ? 0 : flow.table().sequence(flow.firstRow()) - 1);
  }

  private void joinData(PairedConnection pair, Direction direction) {
    Alignment alignment = pair.alignment(direction);
    int near = points.indexOf(pair.nearPoint(direction));
    int far = points.indexOf(pair.farPoint(direction));
    Alignment.Sightings sent = alignment.near();
    for (int i = 0; i < sent.size(); i++) {
      link(near, sent.row()[i], far, sent.peerRow()[i]);
    }
    Alignment.Sightings arrived = alignment.far();
    for (int i = 0; i < arrived.size(); i++) {
      if (arrived.peers()[i] > 1 || isLaterPart(alignment, arrived, i)) {
        link(near, arrived.peerRow()[i], far, arrived.row()[i]);
      }
    }
    mark(alignment.lost(), sent, near, lost);
    mark(alignment.missed(), sent, near, missed);
  }

  /** Whether an arrival is a part, other than the first, of the segment that it was cut from. */
  private static boolean isLaterPart(Alignment alignment, Alignment.Sightings arrived, int i) {
    int sender = Arrays.binarySearch(alignment.near().row(), arrived.peerRow()[i]);
    return sender < 0 || alignment.near().peerRow()[sender] != arrived.row()[i];
  }

  private void link(int near, int nearRow, int far, int farRow) {
    Integer from = byRow.get(new Sighting(near, nearRow));
    Integer to = byRow.get(new Sighting(far, farRow));
    if (from != null && to != null) {
      links.add(new int[] {from, to});
    }
  }

  private void mark(
      Alignment.Ranges ranges, Alignment.Sightings sent, int near, List<int[]> marked) {
    for (int i = 0; i < ranges.size(); i++) {
      Integer from = byRow.get(new Sighting(near, sent.row()[ranges.index()[i]]));
      if (from != null) {
        marked.add(new int[] {from, (int) (ranges.end()[i] - ranges.start()[i])});
      }
    }
  }

  private void joinOthers(PairedConnection pair, Direction direction) {
    int near = points.indexOf(pair.nearPoint(direction));
    int far = points.indexOf(pair.farPoint(direction));
    EqualSegments.of(pair, direction, (nearRow, farRow) -> link(near, nearRow, far, farRow));
  }

  /** Number of the connection's segments at all points, including those left out. */
  int total() {
    return total;
  }

  /** The connection's start, in nanoseconds since 1970 on the clock of the first capture. */
  long startNanos() {
    return startNanos;
  }

  List<Rung> rungs() {
    return rungs;
  }

  /** Index of the rung of a frame at a point, -1 where it is left out. */
  int indexOf(int point, int frame) {
    return byFrame.getOrDefault(new Sighting(point, frame), -1);
  }

  /** Pairs of rungs that are the same transmission, near and far. */
  List<int[]> links() {
    return links;
  }

  /** Rungs that lost bytes before the next point, and how many. */
  List<int[]> lost() {
    return lost;
  }

  /** Rungs with bytes that arrived but are missing from the next point's capture, and how many. */
  List<int[]> missed() {
    return missed;
  }
}
