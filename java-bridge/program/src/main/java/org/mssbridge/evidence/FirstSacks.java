package org.mssbridge.evidence;

import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/**
 * Which segment of a receiver is the first to report that bytes above a gap arrived (RFC 2018). A
 * report of duplicates (RFC 2883), and one of bytes that were never sent, is not taken.
 */
final class FirstSacks {
  private final LatestRanges firstRows = new LatestRanges();
  private boolean isUsed;

  /**
   * Reads what one point saw.
   *
   * @param sender the flow whose bytes are reported
   * @param base the raw number of the sender that counts as 0
   */
  FirstSacks(Flow sender, Flow receiver, int base) {
    SegmentTable table = receiver.table();
    int sent = sender.firstDataRow();
    long highest = 0;
    long acknowledged = 0;
    for (int row = receiver.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) != TcpFlags.ACK) {
        continue;
      }
      long position = SequenceNumber.unwrap(table.acknowledgment(row) - base, acknowledged);
      acknowledged = Math.max(acknowledged, position);
      if (!table.hasSack(row)) {
        continue;
      }
      isUsed = true;
      for (; sent >= 0 && sent < row; sent = table.next(sent)) {
        highest = Math.max(highest, table.position(sent, base, highest) + table.payloadBytes(sent));
      }
      for (int entry = table.firstSack(row); table.isSackOf(entry, row); entry++) {
        long left = SequenceNumber.unwrap(table.sackLeft(entry) - base, acknowledged);
        long right = SequenceNumber.unwrap(table.sackRight(entry) - base, acknowledged);
        if (left > position && right <= highest) {
          add(left, right, row);
        }
      }
    }
  }

  private void add(long start, long end, int row) {
    LatestRanges known = new LatestRanges();
    firstRows.forEach(start, end, known::put);
    firstRows.put(start, end, row);
    known.forEach(firstRows::put);
  }

  /** Whether the receiver reports anything in this way. */
  boolean isUsed() {
    return isUsed;
  }

  /** The row of the segment after which all of a range is reported; -1 where it never is. */
  int rowOf(long start, long end) {
    int[] last = {-1};
    long[] covered = {0};
    firstRows.forEach(
        start,
        end,
        (from, to, row) -> {
          covered[0] += to - from;
          last[0] = Math.max(last[0], row);
        });
    return covered[0] == end - start ? last[0] : -1;
  }
}
