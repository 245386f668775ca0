package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * The RSTs and FINs of one direction that only the far point saw. A RST is matched by sequence
 * number, IP ID and time; a FIN by the end of the stream.
 */
public final class ClosingSegments {
  /**
   * A RST with a changed sequence number still matches if it arrives this close to the expected
   * time.
   */
  private static final long TOLERANCE_NANOS = 1_000_000_000;

  private final PairedConnection pair;
  private final Direction direction;
  private final long typicalNanos;
  private final SegmentTable near;
  private final SegmentTable far;
  private final int nearBase;
  private final int farBase;

  private ClosingSegments(PairedConnection pair, Direction direction, long typicalNanos) {
    this.pair = pair;
    this.direction = direction;
    this.typicalNanos = typicalNanos;
    near = pair.nearFlow(direction).table();
    far = pair.farFlow(direction).table();
    nearBase = pair.base(pair.nearPoint(direction), direction);
    farBase = pair.base(pair.farPoint(direction), direction);
  }

  /**
   * The rows at the far point, in order.
   *
   * @param typicalNanos the typical time at the far point minus the time at the near point
   */
  public static List<Integer> onlyFar(
      PairedConnection pair, Direction direction, long typicalNanos) {
    ClosingSegments closing = new ClosingSegments(pair, direction, typicalNanos);
    List<Integer> rows = new ArrayList<>(closing.resets());
    rows.addAll(closing.fins());
    rows.sort(null);
    return rows;
  }

  private List<Integer> resets() {
    List<Integer> unmatched = rows(pair.farFlow(direction), TcpFlags.RST, 0);
    if (unmatched.isEmpty()) {
      return unmatched;
    }
    List<Integer> sent = rows(pair.nearFlow(direction), TcpFlags.RST, 0);
    List<Integer> matched = new ArrayList<>();
    sent.removeIf(row -> match(row, unmatched, matched, true));
    sent.removeIf(row -> match(row, unmatched, matched, false));
    unmatched.removeIf(row -> matched.stream().anyMatch(other -> isCopy(row, other)));
    return unmatched;
  }

  private List<Integer> fins() {
    List<Integer> unmatched = rows(pair.farFlow(direction), TcpFlags.FIN, TcpFlags.RST);
    if (unmatched.isEmpty()) {
      return unmatched;
    }
    List<Integer> sent = rows(pair.nearFlow(direction), TcpFlags.FIN, TcpFlags.RST);
    Set<Integer> ends = new HashSet<>();
    sent.forEach(row -> ends.add(end(near, row, nearBase)));
    Set<Integer> farEnds = new HashSet<>();
    unmatched.forEach(row -> farEnds.add(end(far, row, farBase)));
    unmatched.removeIf(row -> ends.contains(end(far, row, farBase)));
    sent.removeIf(row -> farEnds.contains(end(near, row, nearBase)));
    // If a device changes the length of the payload, the stream ends at another position.
    List<Integer> matched = new ArrayList<>();
    sent.forEach(row -> match(row, unmatched, matched, false));
    return unmatched;
  }

  /** The rows that have the flags {@code with} and none of {@code without}. */
  private static List<Integer> rows(Flow flow, int with, int without) {
    List<Integer> rows = new ArrayList<>();
    SegmentTable table = flow.table();
    for (int row = flow.firstClosingRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (with | without)) == with) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static int end(SegmentTable table, int row, int base) {
    return table.sequence(row) + table.payloadBytes(row) - base;
  }

  /**
   * Moves the most likely counterpart of a sent segment from {@code unmatched} to {@code matched}.
   */
  private boolean match(
      int sent, List<Integer> unmatched, List<Integer> matched, boolean bySequence) {
    int best = -1;
    long bestNanos = Long.MAX_VALUE;
    for (int i = 0; i < unmatched.size(); i++) {
      int row = unmatched.get(i);
      long deviationNanos = Math.abs(far.timeNanos(row) - near.timeNanos(sent) - typicalNanos);
      boolean sameIpId = near.ipId(sent) > 0 && near.ipId(sent) == far.ipId(row);
      boolean otherIpId = near.ipId(sent) > 0 && far.ipId(row) > 0 && !sameIpId;
      boolean sameSequence = near.sequence(sent) - nearBase == far.sequence(row) - farBase;
      boolean possible =
          bySequence ? sameSequence : sameIpId || (!otherIpId && deviationNanos <= TOLERANCE_NANOS);
      long rank = sameIpId ? 0 : deviationNanos;
      if (possible && rank < bestNanos) {
        best = i;
        bestNanos = rank;
      }
    }
    if (best >= 0) {
      matched.add(unmatched.remove(best));
    }
    return best >= 0;
  }

  /** Whether two segments are copies of one. TTLs may differ, so they are not compared. */
  private boolean isCopy(int row, int other) {
    return far.sequence(row) == far.sequence(other) && far.ipId(row) == far.ipId(other);
  }
}
