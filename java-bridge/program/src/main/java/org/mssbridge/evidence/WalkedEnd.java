package org.mssbridge.evidence;

import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/** What one end of a connection sent so far, and what the other end acknowledged of it. */
final class WalkedEnd {
  /** The largest possible window (RFC 7323, section 2.3). */
  private static final long MAX_BYTES = 1L << 30;

  final Flow flow;
  final int base;
  long sent;
  long acknowledged;
  boolean acknowledges;
  boolean fin;
  boolean onlySyns = true;
  int lastRow = -1;

  /** The segment of the other end that acknowledged its FIN, -1 where none did. */
  int finAcknowledgedRow = -1;

  /** The row before {@link #lastRow}, of either end. */
  int beforeLast = -1;

  /** Keep-alives since the other end was last heard. */
  int probes;

  int firstProbe = -1;

  /** From where on its window is closed, -1 where it is open; and what the other end sent since. */
  int closedRow = -1;

  int sentToClosed;

  /** The shortest time from data of the other end to a segment of this one. */
  long quickestNanos = Long.MAX_VALUE;

  private final SegmentTable table;

  WalkedEnd(Flow flow) {
    this.flow = flow;
    this.table = flow.table();
    this.base = flow.isn().orElse(flow.firstRow() < 0 ? 0 : table.sequence(flow.firstRow()) - 1);
  }

  long start(int row) {
    long position = table.position(row, base, sent);
    return (table.flags(row) & TcpFlags.SYN) != 0 ? position + 1 : position;
  }

  /** Bytes that count in sequence numbers, without the SYN. */
  int length(int row) {
    return table.payloadBytes(row) + ((table.flags(row) & TcpFlags.FIN) != 0 ? 1 : 0);
  }

  /** Bytes, or the FIN, that the other end did not acknowledge, as far as it acknowledges. */
  long outstanding() {
    return acknowledges ? Math.max(0, sent - acknowledged) : 0;
  }

  /** The outstanding bytes without a FIN. */
  long outstandingData() {
    long outstanding = outstanding();
    return outstanding > 0 && fin ? outstanding - 1 : outstanding;
  }

  /** Takes the next segment of this end. */
  void send(int row, int previous) {
    noteProbe(row);
    noteWindow(row);
    sent = Math.max(sent, start(row) + length(row));
    fin |= (table.flags(row) & TcpFlags.FIN) != 0;
    onlySyns &= TcpFlags.isSyn(table.flags(row));
    beforeLast = previous;
    lastRow = row;
  }

  private void noteProbe(int row) {
    boolean isProbe =
        (table.flags(row) & (TcpFlags.SYN | TcpFlags.FIN)) == 0
            && length(row) <= 1
            && start(row) == sent - 1
            && outstanding() == 0;
    if (isProbe) {
      firstProbe = probes == 0 ? row : firstProbe;
      probes++;
    } else if (length(row) > 0) {
      probes = 0;
    }
  }

  /** The window of a SYN is no answer to data, and that of a closing end is nobody's business. */
  private void noteWindow(int row) {
    boolean closed =
        table.window(row) == 0 && (table.flags(row) & (TcpFlags.SYN | TcpFlags.FIN)) == 0 && !fin;
    if (!closed) {
      closedRow = -1;
      sentToClosed = 0;
    } else if (closedRow < 0) {
      closedRow = row;
    }
  }

  /** Takes an acknowledgment of the other end. */
  void acknowledge(int row) {
    long position = SequenceNumber.unwrap(table.acknowledgment(row) - base, acknowledged);
    if (position >= acknowledged && position - acknowledged <= MAX_BYTES) {
      acknowledged = position;
      acknowledges = true;
    }
    if (fin && finAcknowledgedRow < 0 && outstanding() == 0) {
      finAcknowledgedRow = row;
    }
  }

  /** Takes a segment of the other end: a sign of life. */
  void hear() {
    probes = 0;
    sentToClosed += closedRow >= 0 ? 1 : 0;
  }
}
