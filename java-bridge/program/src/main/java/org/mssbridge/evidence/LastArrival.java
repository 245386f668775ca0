package org.mssbridge.evidence;

import java.util.Arrays;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;

/**
 * From when on nothing of a direction arrives any more, though it is sent again and again and the
 * far capture goes on: hardly the random loss of a queue.
 *
 * @param row the first segment at the near point that does not arrive
 * @param segments how many leave from there on and should be in the far capture
 * @param nanos from the first of these to the last
 * @param back how many segments of the other direction arrive meanwhile
 */
public record LastArrival(int row, int segments, long nanos, int back) {
  private static final long LEAST_NANOS = 1_000_000_000L;

  /** Delays vary: what is due by less than this after the last arrival may have overtaken it. */
  private static final long OVERTAKEN_NANOS = 3_000_000L;

  /** Empty where something arrives to the end, or where chance may have lost the last ones. */
  static Optional<LastArrival> of(Evidence evidence, PairedConnection pair, Direction direction) {
    Flow sender = pair.nearFlow(direction);
    Alignment alignment = pair.alignment(direction);
    int last = pair.farFlow(direction).lastRow();
    if (last < 0
        || !pair.isTimed()
        || !pair.delay(direction).isKnown()
        || alignment.lost().size() == 0) {
      return Optional.empty();
    }
    SegmentTable table = sender.table();
    long delay = pair.delay(direction).typicalNanos();
    long since = pair.farFlow(direction).table().timeNanos(last) - delay + OVERTAKEN_NANOS;
    Coverage coverage = pair.farCapture(direction).coverage();
    int crossedBytes = evidence.largestCrossedBytes(pair, direction);
    Tries tries = new Tries();
    int first = -1;
    int segments = 0;
    long endNanos = 0;
    int before = 0;
    for (int row = sender.firstRow(); row >= 0; row = table.next(row)) {
      long nanos = table.timeNanos(row);
      if (nanos <= since) {
        before++;
      } else if (coverage.contains(nanos + delay)) {
        if (mayHaveArrived(alignment, row)) {
          return Optional.empty();
        }
        first = first < 0 ? row : first;
        segments++;
        endNanos = nanos;
        // A large one may be too large.
        if (table.payloadBytes(row) <= crossedBytes) {
          tries.add(nanos);
        }
      }
    }
    if (first < 0
        || endNanos - table.timeNanos(first) < LEAST_NANOS
        || !tries.isNoChance(lostBefore(alignment, first), before)) {
      return Optional.empty();
    }
    return Optional.of(
        new LastArrival(
            first, segments, endNanos - table.timeNanos(first), back(pair, direction, first)));
  }

  /** Whether the far capture missed a transmission, or cannot show it. */
  private static boolean mayHaveArrived(Alignment alignment, int row) {
    int index = Arrays.binarySearch(alignment.near().row(), row);
    return index >= 0
        && (Arrays.binarySearch(alignment.missed().index(), index) >= 0
            || Arrays.binarySearch(alignment.unknown().index(), index) >= 0);
  }

  private static int lostBefore(Alignment alignment, int row) {
    return (int)
        Arrays.stream(alignment.lost().index())
            .filter(index -> alignment.near().row()[index] < row)
            .distinct()
            .count();
  }

  /** What was under way when the first one was sent does not count. */
  private static int back(PairedConnection pair, Direction direction, int first) {
    Flow other = pair.near(direction).flow(direction.reverse());
    long roundTrip =
        Math.max(
            0,
            pair.delay(direction).typicalNanos() + pair.delay(direction.reverse()).typicalNanos());
    SegmentTable table = other.table();
    long since = table.timeNanos(first) + roundTrip;
    int count = 0;
    for (int row = other.firstRow(); row >= 0; row = table.next(row)) {
      count += table.timeNanos(row) > since ? 1 : 0;
    }
    return count;
  }
}
