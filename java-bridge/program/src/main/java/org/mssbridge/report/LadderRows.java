package org.mssbridge.report;

import java.util.BitSet;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;

/**
 * The rows of a connection at one point in capture order, and which of them a page holds: all of
 * them where they are few, otherwise the first ones and those next to frames of findings.
 */
final class LadderRows {
  /** The number of segments kept before and after one that shows a finding. */
  private static final int AROUND = 4;

  private final SegmentTable table;
  private final int[] row;
  private final BitSet fromServer = new BitSet();
  private final BitSet kept = new BitSet();

  LadderRows(Connection connection, int limit, BitSet findingFrames) {
    table = connection.clientToServer().table();
    row = new int[connection.segments()];
    int there = connection.clientToServer().firstRow();
    int back = connection.serverToClient().firstRow();
    for (int i = 0; i < row.length; i++) {
      boolean server = there < 0 || (back >= 0 && back < there);
      row[i] = server ? back : there;
      fromServer.set(i, server);
      if (server) {
        back = table.next(back);
      } else {
        there = table.next(there);
      }
    }
    int head = row.length <= limit ? row.length : limit / 2;
    kept.set(0, head);
    int left = limit - head;
    for (int i = head; i < row.length && left > 0; i++) {
      if (findingFrames.get(table.frame(row[i]))) {
        int before = kept.cardinality();
        kept.set(i - AROUND, Math.min(row.length, i + AROUND + 1));
        left -= kept.cardinality() - before;
      }
    }
  }

  int size() {
    return row.length;
  }

  int row(int index) {
    return row[index];
  }

  Direction direction(int index) {
    return fromServer.get(index) ? Direction.S2C : Direction.C2S;
  }

  boolean isKept(int index) {
    return kept.get(index);
  }
}
