package org.mssbridge.evidence;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;

/**
 * A sender that repeats data in smaller segments than before and sends no larger ones any more, as
 * one point saw it.
 *
 * @param fromBytes data in the segments before, the largest of the direction
 * @param toBytes data in the largest segment from then on
 * @param firstRow the first transmission of the data that is repeated
 * @param againRow its first transmission in a smaller segment
 * @param transmissions how often it was sent in the larger size
 * @param afterIcmp whether a "too big" message reached the point in between
 */
public record SizeFall(
    int fromBytes, int toBytes, int firstRow, int againRow, int transmissions, boolean afterIcmp) {
  /**
   * A sender that no message reached gives up a size after repetitions (RFC 8899, section 5.1.2:
   * MAX_PROBES).
   */
  private static final int MIN_TRANSMISSIONS = 3;

  /** Of segments in the new size, where no message says why. */
  private static final int MIN_SMALL = 2;

  /** How often the data at a position was sent in one size. */
  private record Sent(int row, int bytes, int times) {}

  /**
   * Searches a direction at a point.
   *
   * @param toldNanos the times of the "too big" messages about it at this point, ascending
   */
  static Optional<SizeFall> of(Connection connection, Direction direction, LongList toldNanos) {
    Flow flow = connection.flow(direction);
    if (flow.dataSegments() < 2) {
      return Optional.empty();
    }
    SegmentTable table = flow.table();
    WireSizes sizes = new WireSizes(connection, direction);
    int rows = flow.segments();
    int[] row = new int[rows];
    int[] largestFrom = new int[rows + 1];
    int size = 0;
    for (int next = flow.firstRow(); next >= 0 && size < rows; next = table.next(next)) {
      row[size++] = next;
    }
    for (int i = size - 1; i >= 0; i--) {
      largestFrom[i] = Math.max(largestFrom[i + 1], sizes.payloadBytes(row[i]));
    }
    Map<Integer, Sent> sent = new HashMap<>();
    int largest = 0;
    for (int i = 0; i < size; i++) {
      int bytes = sizes.payloadBytes(row[i]);
      if (bytes == 0) {
        continue;
      }
      int sequence = table.sequence(row[i]);
      Sent before = sent.get(sequence);
      if (before != null
          && before.bytes() == largest
          && largestFrom[i] < largest
          && largestFrom[i] > 0) {
        boolean told =
            toldNanos.countBelow(table.timeNanos(row[i]) + 1)
                > toldNanos.countBelow(table.timeNanos(before.row()));
        int small = count(sizes, row, i, size, largestFrom[i]);
        if (told || (before.times() >= MIN_TRANSMISSIONS && small >= MIN_SMALL)) {
          return Optional.of(
              new SizeFall(largest, largestFrom[i], before.row(), row[i], before.times(), told));
        }
      }
      largest = Math.max(largest, bytes);
      sent.merge(
          sequence,
          new Sent(row[i], bytes, 1),
          (old, now) ->
              now.bytes() == old.bytes()
                  ? new Sent(old.row(), old.bytes(), old.times() + 1)
                  : now.bytes() > old.bytes() ? now : old);
    }
    return Optional.empty();
  }

  private static int count(WireSizes sizes, int[] row, int from, int to, int bytes) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += sizes.payloadBytes(row[i]) == bytes ? 1 : 0;
    }
    return count;
  }
}
