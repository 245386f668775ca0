package org.mssbridge.evidence;

import java.util.HashMap;
import java.util.Map;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.TcpFlags;

/** How soon the sender of a direction answers, at one point. */
final class LeastAnswer {
  private LeastAnswer() {}

  /**
   * The shortest time in which the sender acknowledged a segment of the other end, in ns; 0 where
   * it acknowledged none. A device on the way that answers is faster.
   *
   * @param rows the sender's own segments, ascending
   * @param receiver the other end's flow at the same point
   */
  static long nanos(LongList rows, Flow receiver) {
    SegmentTable table = receiver.table();
    Map<Integer, Long> sent = new HashMap<>();
    long least = Long.MAX_VALUE;
    int next = receiver.firstRow();
    for (int i = 0; i < rows.size(); i++) {
      int row = (int) rows.get(i);
      for (; next >= 0 && next < row; next = table.next(next)) {
        if (length(table, next) > 0) {
          // The last transmission, so that an answer never counts as slower than it was.
          sent.put(table.sequence(next) + length(table, next), table.timeNanos(next));
        }
      }
      Long since =
          (table.flags(row) & TcpFlags.ACK) == 0 ? null : sent.remove(table.acknowledgment(row));
      if (since != null) {
        least = Math.min(least, table.timeNanos(row) - since);
      }
    }
    return least == Long.MAX_VALUE ? 0 : least;
  }

  /** Bytes that count in sequence numbers. */
  private static int length(SegmentTable table, int row) {
    int flags = table.flags(row);
    return table.payloadBytes(row)
        + ((flags & TcpFlags.SYN) != 0 ? 1 : 0)
        + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
  }
}
