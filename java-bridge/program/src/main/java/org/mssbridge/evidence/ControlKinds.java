package org.mssbridge.evidence;

import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/** Names the kinds of a sender's segments, which must be shown to it in order. */
final class ControlKinds {
  private final SegmentTable table;
  private final int base;
  private long sent;
  private int acknowledgment;
  private int window = -1;
  private boolean reopens;

  /** The other end's segments at the same point, up to the one shown last. */
  private int otherRow;

  private int otherWindow = -1;

  ControlKinds(Passage passage, ControlSegments near) {
    Direction back = passage.direction().reverse();
    table = near.table;
    base = near.base();
    otherRow = passage.pair().near(passage.direction()).flow(back).firstRow();
  }

  /** Whether the last one opens a window that was closed. */
  boolean reopens() {
    return reopens;
  }

  LostControl.Kind next(int row) {
    for (; otherRow >= 0 && otherRow < row; otherRow = table.next(otherRow)) {
      otherWindow = table.window(otherRow);
    }
    int flags = table.flags(row);
    long start = table.position(row, base, sent);
    LostControl.Kind kind = kind(row, flags, start);
    reopens = window == 0 && table.window(row) > 0;
    if (kind != LostControl.Kind.RST) {
      int length =
          table.payloadBytes(row)
              + ((flags & TcpFlags.FIN) != 0 ? 1 : 0)
              + ((flags & TcpFlags.SYN) != 0 ? 1 : 0);
      sent = Math.max(sent, start + length);
      acknowledgment = table.acknowledgment(row);
      // The window of a SYN is not scaled.
      window = (flags & TcpFlags.SYN) != 0 ? Integer.MAX_VALUE : table.window(row);
    }
    return kind;
  }

  private LostControl.Kind kind(int row, int flags, long start) {
    if ((flags & TcpFlags.RST) != 0) {
      return LostControl.Kind.RST;
    }
    if ((flags & TcpFlags.FIN) != 0) {
      return LostControl.Kind.FIN;
    }
    if ((flags & TcpFlags.SYN) != 0) {
      return TcpFlags.isSyn(flags) ? LostControl.Kind.SYN : LostControl.Kind.SYN_ACK;
    }
    if (table.payloadBytes(row) == 0 && sent > 1 && start + 1 == sent) {
      return otherWindow == 0 ? LostControl.Kind.WINDOW_PROBE : LostControl.Kind.KEEP_ALIVE;
    }
    return table.acknowledgment(row) == acknowledgment && table.window(row) > window
        ? LostControl.Kind.WINDOW_UPDATE
        : LostControl.Kind.ACK;
  }
}
