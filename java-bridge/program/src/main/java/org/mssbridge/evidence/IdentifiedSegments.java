package org.mssbridge.evidence;

import java.util.HashMap;
import java.util.Map;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * Segments, with data or without, of which both points surely saw the same transmission: the same
 * relative number, length and IP ID, once at each point. A repeated segment is one of them too, so
 * that what is late enough to be repeated is not left out.
 */
public final class IdentifiedSegments {
  /** Of longer flows, those that were sent once are enough. */
  private static final int MAX_SEGMENTS = 1 << 16;

  /** Receives the rows of one transmission in the tables of both points. */
  public interface Visitor {
    /** Receives the rows at the near and at the far point. */
    void visit(int nearRow, int farRow);
  }

  private IdentifiedSegments() {}

  /** Visits those of a direction; none where the path does not keep IP IDs. */
  public static void of(PairedConnection pair, Direction direction, Visitor visitor) {
    Flow near = pair.nearFlow(direction);
    Flow far = pair.farFlow(direction);
    if (near.segments() > MAX_SEGMENTS
        || far.segments() > MAX_SEGMENTS
        || pair.isnDelta(direction).isEmpty()) {
      return;
    }
    Map<Long, Integer> sent = rows(near, pair, pair.nearPoint(direction), direction);
    Map<Long, Integer> arrived = rows(far, pair, pair.farPoint(direction), direction);
    sent.forEach(
        (key, nearRow) -> {
          int farRow = arrived.getOrDefault(key, -1);
          if (nearRow >= 0 && farRow >= 0) {
            visitor.visit(nearRow, farRow);
          }
        });
  }

  /** The rows by what identifies them, -1 where several are the same. */
  private static Map<Long, Integer> rows(
      Flow flow, PairedConnection pair, CapturePoint point, Direction direction) {
    SegmentTable table = flow.table();
    int base = pair.base(point, direction);
    Map<Long, Integer> rows = new HashMap<>();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.ipId(row) > 0) {
        long relative = (long) (table.sequence(row) - base) << 32;
        long key = relative | (long) table.ipId(row) << 16 | (table.payloadBytes(row) & 0xffff);
        rows.merge(key, row, (one, other) -> -1);
      }
    }
    return rows;
  }
}
