package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Segments without data of which both points saw equally many with the same relative numbers and
 * flags: the first at one point is the first at the other. Where one point saw more, which of them
 * is missing at the other cannot be known.
 */
public final class EqualSegments {
  /** Receives a segment by its rows at both points. */
  public interface Visitor {
    /** Receives the rows in the tables of the near and the far point. */
    void visit(int nearRow, int farRow);
  }

  /** What both points have in common of a segment; a device may rewrite the flags of ECN. */
  private record Key(int position, int acknowledged, int flags) {
    static Key of(SegmentTable table, int row, int base, int ackBase) {
      int flags = table.flags(row);
      return new Key(
          table.sequence(row) - base,
          (flags & TcpFlags.ACK) == 0 ? 0 : table.acknowledgment(row) - ackBase,
          flags & ~(TcpFlags.ECE | TcpFlags.CWR));
    }
  }

  private EqualSegments() {}

  /** Visits them in the order of the near point. */
  public static void of(PairedConnection pair, Direction direction, Visitor visitor) {
    Map<Key, List<Integer>> sent = rows(pair, pair.nearPoint(direction), direction);
    Map<Key, List<Integer>> arrived = rows(pair, pair.farPoint(direction), direction);
    sent.forEach(
        (key, from) -> {
          List<Integer> to = arrived.getOrDefault(key, List.of());
          for (int i = 0; i < from.size() && from.size() == to.size(); i++) {
            visitor.visit(from.get(i), to.get(i));
          }
        });
  }

  private static Map<Key, List<Integer>> rows(
      PairedConnection pair, CapturePoint point, Direction direction) {
    Flow flow = pair.at(point).flow(direction);
    SegmentTable table = flow.table();
    int base = pair.base(point, direction);
    int ackBase = pair.base(point, direction.reverse());
    Map<Key, List<Integer>> rows = new LinkedHashMap<>();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) == 0) {
        rows.computeIfAbsent(Key.of(table, row, base, ackBase), key -> new ArrayList<>(1)).add(row);
      }
    }
    return rows;
  }
}
