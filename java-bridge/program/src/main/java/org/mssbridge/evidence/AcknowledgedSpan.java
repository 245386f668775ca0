package org.mssbridge.evidence;

import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.TcpFlags;

/** How much of the other end's data a flow's own acknowledgments show to have arrived. */
public final class AcknowledgedSpan {
  private AcknowledgedSpan() {}

  /** Whether one of its acknowledgments covers all before a raw sequence number. */
  public static boolean reaches(Flow flow, int number) {
    SegmentTable table = flow.table();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK
          && table.acknowledgment(row) - number >= 0) {
        return true;
      }
    }
    return false;
  }

  /** The bytes between its lowest and its highest acknowledgment, a FIN among them not counted. */
  public static long bytes(Flow flow) {
    SegmentTable table = flow.table();
    boolean any = false;
    int first = 0;
    long lowest = 0;
    long highest = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK) {
        first = any ? first : table.acknowledgment(row);
        any = true;
        int since = table.acknowledgment(row) - first;
        lowest = Math.min(lowest, since);
        highest = Math.max(highest, since);
      }
    }
    return Math.max(0, highest - lowest - 1);
  }
}
