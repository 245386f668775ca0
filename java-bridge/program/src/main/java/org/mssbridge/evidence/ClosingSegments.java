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
 * The RSTs and FINs of one direction that are at the far point and not at the near one. A RST meets
 * its counterpart by its number, the IP ID and the time; a FIN by where the stream ends.
 */
public final class ClosingSegments {
  /** A RST whose number a device changed is still one where it comes about when it is due. */
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
   * Rows at the far point, in order.
   *
   * @param typicalNanos the usual time there less that at the near point
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
    List<Integer> left = rows(pair.farFlow(direction), TcpFlags.RST, 0);
    if (left.isEmpty()) {
      return left;
    }
    List<Integer> unmet = rows(pair.nearFlow(direction), TcpFlags.RST, 0);
    List<Integer> met = new ArrayList<>();
    unmet.removeIf(sent -> meets(sent, left, met, true));
    unmet.removeIf(sent -> meets(sent, left, met, false));
    left.removeIf(row -> met.stream().anyMatch(other -> isCopy(row, other)));
    return left;
  }

  private List<Integer> fins() {
    List<Integer> left = rows(pair.farFlow(direction), TcpFlags.FIN, TcpFlags.RST);
    if (left.isEmpty()) {
      return left;
    }
    List<Integer> sent = rows(pair.nearFlow(direction), TcpFlags.FIN, TcpFlags.RST);
    Set<Integer> ends = new HashSet<>();
    sent.forEach(row -> ends.add(end(near, row, nearBase)));
    Set<Integer> farEnds = new HashSet<>();
    left.forEach(row -> farEnds.add(end(far, row, farBase)));
    left.removeIf(row -> ends.contains(end(far, row, farBase)));
    sent.removeIf(row -> farEnds.contains(end(near, row, nearBase)));
    // Where a device changes the length of the payload, the stream ends elsewhere.
    List<Integer> met = new ArrayList<>();
    sent.forEach(row -> meets(row, left, met, false));
    return left;
  }

  /** Rows with one of FIN and RST and without another flag. */
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

  /** Moves what a RST became, the likeliest of those that arrived, from one list to the other. */
  private boolean meets(int sent, List<Integer> left, List<Integer> met, boolean sameNumber) {
    int best = -1;
    long bestNanos = Long.MAX_VALUE;
    for (int i = 0; i < left.size(); i++) {
      int row = left.get(i);
      long lateNanos = Math.abs(far.timeNanos(row) - near.timeNanos(sent) - typicalNanos);
      boolean sameIpId = near.ipId(sent) > 0 && near.ipId(sent) == far.ipId(row);
      boolean otherIpId = near.ipId(sent) > 0 && far.ipId(row) > 0 && !sameIpId;
      boolean numbered = near.sequence(sent) - nearBase == far.sequence(row) - farBase;
      boolean possible =
          sameNumber ? numbered : sameIpId || (!otherIpId && lateNanos <= TOLERANCE_NANOS);
      long rank = sameIpId ? 0 : lateNanos;
      if (possible && rank < bestNanos) {
        best = i;
        bestNanos = rank;
      }
    }
    if (best >= 0) {
      met.add(left.remove(best));
    }
    return best >= 0;
  }

  /** Whether a device or the capture only doubled it; before and after a router TTLs differ. */
  private boolean isCopy(int row, int other) {
    return far.sequence(row) == far.sequence(other) && far.ipId(row) == far.ipId(other);
  }
}
