package org.mssbridge.evidence;

import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.TcpFlags;

/**
 * What a receiver reports as missing while it has later data: by SACK blocks (RFC 2018) or by
 * duplicate acknowledgments (RFC 5681, section 3.2). Takes the receiver's segments in order.
 */
final class ReportedGaps {
  /** So many duplicates make a sender repeat a segment without SACK (RFC 5681, section 3.2). */
  private static final int DUPLICATES = 3;

  private final SegmentTable table;

  /** Of each acknowledged position, ascending: the position, and what was reported with it. */
  private final LongList positions = new LongList();

  private final LongList lefts = new LongList();
  private final LongList rows = new LongList();

  private int acknowledged;
  private long position = -1;
  private int duplicates;
  private int window;

  /** The highest left edge of a block above the position, and the row that reports it. */
  private long left = -1;

  private int row = -1;

  ReportedGaps(SegmentTable table) {
    this.table = table;
  }

  /** Takes the receiver's next segment with ACK. */
  void take(int next) {
    int number = table.acknowledgment(next);
    if (position < 0 || number - acknowledged > 0) {
      if (position >= 0) {
        positions.add(position);
        lefts.add(left);
        rows.add(row);
      }
      position = position < 0 ? 0 : position + (number - acknowledged);
      acknowledged = number;
      duplicates = 0;
    } else if (number == acknowledged
        && table.payloadBytes(next) == 0
        && (table.flags(next) & (TcpFlags.SYN | TcpFlags.FIN)) == 0
        && (table.window(next) == window || table.hasSack(next))) {
      duplicates++;
      if (duplicates == DUPLICATES) {
        report(position + 1, next); // What is later than the segment that is missing is unknown.
      }
    }
    window = table.window(next);
    if (table.hasSack(next)) {
      for (int i = table.firstSack(next); table.isSackOf(i, next); i++) {
        report(position + (table.sackLeft(i) - acknowledged), next);
      }
    }
  }

  private void report(long from, int reporting) {
    if (from > position && from > left) {
      left = from;
      row = reporting;
    }
  }

  /** The row that reported a segment as missing, -1 where none did. */
  int rowOf(int sequence) {
    long start = position + (sequence - acknowledged);
    if (position < 0) {
      return -1;
    }
    if (start >= position) {
      return left > start ? row : -1;
    }
    int index = positions.countBelow(start + 1) - 1;
    return index >= 0 && lefts.get(index) > start ? (int) rows.get(index) : -1;
  }
}
