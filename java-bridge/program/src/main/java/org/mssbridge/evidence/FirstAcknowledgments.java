package org.mssbridge.evidence;

import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/** Which segment of a flow is the first to acknowledge a position of the other direction. */
final class FirstAcknowledgments {
  private final LongList positions = new LongList();
  private final LongList rows = new LongList();

  /**
   * Reads a flow.
   *
   * @param base the raw number of the other direction that counts as 0
   */
  FirstAcknowledgments(Flow flow, int base) {
    SegmentTable table = flow.table();
    long highest = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK) {
        long position = SequenceNumber.unwrap(table.acknowledgment(row) - base, highest);
        if (position > highest) {
          highest = position;
          positions.add(position);
          rows.add(row);
        }
      }
    }
  }

  /** The row of the first segment that acknowledges all before a position; -1 where none does. */
  int rowOf(long position) {
    int index = positions.countBelow(position);
    return index == positions.size() ? -1 : (int) rows.get(index);
  }

  /** Up to which position a segment before a row acknowledges; 0 where none does. */
  long positionBefore(int row) {
    int index = rows.countBelow(row);
    return index == 0 ? 0 : positions.get(index - 1);
  }
}
