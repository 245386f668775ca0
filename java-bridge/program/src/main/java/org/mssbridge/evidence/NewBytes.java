package org.mssbridge.evidence;

import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.TcpFlags;

/** How far the data of a direction has come, segment by segment: what is sent again is not new. */
public final class NewBytes {
  private boolean began;
  private int end;

  /** The bytes of the next segment that are new. */
  public int advance(SegmentTable table, int row) {
    int payloadBytes = table.payloadBytes(row);
    if (payloadBytes == 0 || (table.flags(row) & TcpFlags.RST) != 0) {
      return 0;
    }
    boolean isSyn = (table.flags(row) & TcpFlags.SYN) != 0; // It takes a number (RFC 7413).
    int after = table.sequence(row) + payloadBytes + (isSyn ? 1 : 0);
    int bytes = began ? Math.min(payloadBytes, after - end) : payloadBytes;
    if (bytes > 0) {
      end = after;
      began = true;
    }
    return bytes;
  }
}
