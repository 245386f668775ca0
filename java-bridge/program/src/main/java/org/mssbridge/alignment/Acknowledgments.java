package org.mssbridge.alignment;

import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/**
 * The acknowledgments by the receiver of one direction, as one point saw them; positions only
 * increase.
 */
final class Acknowledgments {
  /**
   * The largest possible window (RFC 7323, section 2.3); a number beyond it acknowledges nothing.
   */
  private static final long MAX_BYTES = 1L << 30;

  private final LongList rows = new LongList();
  private final LongList positions = new LongList();

  /**
   * Collects the acknowledgments.
   *
   * @param receiver what the receiver of the data sent
   * @param base the raw sequence number of the data that counts as 0
   */
  Acknowledgments(Flow receiver, int base) {
    SegmentTable table = receiver.table();
    long highest = 0;
    for (int row = receiver.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK) {
        long position = SequenceNumber.unwrap(table.acknowledgment(row) - base, highest);
        if (position > highest && position - highest <= MAX_BYTES) {
          highest = position;
          rows.add(row);
          positions.add(position);
        }
      }
    }
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The highest acknowledged position, 0 where there is none. */
  long highest() {
    return isEmpty() ? 0 : positions.get(positions.size() - 1);
  }

  /** The first acknowledged position, 0 where there is none. */
  long first() {
    return isEmpty() ? 0 : positions.get(0);
  }

  /** The highest position that was acknowledged before a row of the same capture. */
  long highestBefore(int row) {
    int count = rows.countBelow(row);
    return count == 0 ? 0 : positions.get(count - 1);
  }

  /** The first row that acknowledges everything before a position, or {@link Integer#MAX_VALUE}. */
  int rowOf(long position) {
    int count = positions.countBelow(position);
    return count == rows.size() ? Integer.MAX_VALUE : (int) rows.get(count);
  }
}
