package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.Unreachable;

/**
 * Tells from a walk through a connection how it ended at a point. Only where data is left without
 * acknowledgment is a second walk needed.
 */
final class ConnectionEnd {
  /**
   * Repetitions that last less may still recover: a stall has this many transmissions (RFC 8899,
   * section 5.1.2, sends as many probes, so that the loss of a single one decides nothing) ...
   */
  static final int STALL_TRANSMISSIONS = 3;

  /**
   * ... over this time: a timer of at least 1 s that doubles (RFC 6298, sections 2.4 and 5.5) sends
   * the third one after 1 + 2 s. Linux, whose least is 0.2 s, has sent five by then (0.2 + 0.4 +
   * 0.8 + 1.6 s).
   */
  private static final long STALL_NANOS = 3_000_000_000L;

  /**
   * A window that is closed makes its sender ask at least so often in that time: after one timeout,
   * and then after twice as long (RFC 9293, section 3.8.6.1).
   */
  private static final int CLOSED_PROBES = 2;

  private final Connection connection;
  private final CaptureDuplicates duplicates;
  private final SegmentTable table;
  private final ConnectionWalk walk;

  /** The RST that ends it, null where there is none. */
  private final Ending.Reset reset;

  ConnectionEnd(Connection connection, CaptureDuplicates duplicates) {
    this.connection = connection;
    this.duplicates = duplicates;
    this.table = connection.clientToServer().table();
    this.walk = new ConnectionWalk(connection, duplicates);
    this.reset = walk.reset().orElse(null);
  }

  private int resetRow() {
    return reset == null ? -1 : reset.row();
  }

  private int lastRow() {
    return Math.max(walk.end(Direction.C2S).lastRow, walk.end(Direction.S2C).lastRow);
  }

  Ending ending() {
    if (isSynAlone() && (reset == null || reset.from() == Direction.S2C)) {
      int syn = walk.end(Direction.C2S).lastRow;
      Optional<Unreachable> error = connection.clientToServer().firstRefusal();
      if (reset != null) {
        return new Ending.Refused(syn, reset.row(), Optional.empty());
      }
      if (error.isPresent()) {
        return new Ending.Refused(syn, -1, error);
      }
    }
    Ending stalled = stalled();
    if (!stalled.equals(Ending.FINE) && !hasGivenUpClosing(stalled)) {
      return stalled;
    }
    Ending closed = windowClosed();
    if (!closed.equals(Ending.FINE)) {
      return closed;
    }
    return reset == null || isAfterAll() ? Ending.FINE : reset;
  }

  /** Whether both ends had closed, and a RST takes no data with it. */
  private boolean isAfterAll() {
    return walk.hadClosed() && reset.neverAcknowledgedBytes() == 0;
  }

  /** Whether who repeated a FIN in vain no longer has the connection when the other end goes on. */
  private boolean hasGivenUpClosing(Ending ending) {
    return ending instanceof Ending.Stalled stalled
        && stalled.repeated() == Ending.Repeated.FIN
        && reset != null
        && reset.withoutConnection();
  }

  /** Whether the client sent nothing but SYNs, and the server nothing but RSTs. */
  private boolean isSynAlone() {
    int last = walk.end(Direction.C2S).lastRow;
    return walk.end(Direction.S2C).lastRow < 0 && last >= 0 && TcpFlags.isSyn(table.flags(last));
  }

  /** A stall of either direction; one of data is worse than one of a FIN. */
  private Ending stalled() {
    Ending found = Ending.FINE;
    for (Direction direction : Direction.values()) {
      // What the other end answers with a RST is not stalled.
      boolean answered = reset != null && reset.from() != direction;
      if (!answered && !isReceiverFull(direction)) {
        Ending stalled =
            walk.end(direction).outstanding() > 0 ? stalled(direction) : unheard(direction);
        if (stalled instanceof Ending.Stalled more
            && (found.equals(Ending.FINE) || more.outstandingBytes() > 0)) {
          found = stalled;
        }
      }
    }
    return found;
  }

  /**
   * Whether the receiver does not read, and still answers: the sender then probes a closed window,
   * as it should.
   */
  private boolean isReceiverFull(Direction direction) {
    return walk.end(direction.reverse()).closedRow >= 0
        && walk.end(direction).probes < STALL_TRANSMISSIONS;
  }

  /** Keep-alives at the end of a connection that the other end never answers. */
  private Ending unheard(Direction direction) {
    WalkedEnd sender = walk.end(direction);
    if (sender.probes < STALL_TRANSMISSIONS
        || table.timeNanos(sender.lastRow) - table.timeNanos(sender.firstProbe) < STALL_NANOS) {
      return Ending.FINE;
    }
    int before = before(sender.firstProbe);
    return new Ending.Stalled(
        Ending.Repeated.KEEP_ALIVE,
        direction,
        sender.sent - 1,
        0,
        0,
        sender.probes,
        sender.firstProbe,
        sender.lastRow,
        before < 0 ? 0 : table.timeNanos(sender.firstProbe) - table.timeNanos(before),
        resetRow());
  }

  private Ending windowClosed() {
    for (Direction direction : Direction.values()) {
      WalkedEnd receiver = walk.end(direction.reverse());
      boolean answers = receiver.closedRow >= 0 && receiver.lastRow > receiver.closedRow;
      if (answers && receiver.sentToClosed >= CLOSED_PROBES) {
        int last = reset != null ? reset.row() : lastRow();
        long nanos = table.timeNanos(last) - table.timeNanos(receiver.closedRow);
        if (nanos >= STALL_NANOS) {
          return new Ending.WindowClosed(
              direction,
              receiver.closedRow,
              receiver.lastRow,
              nanos,
              receiver.sentToClosed,
              resetRow());
        }
      }
    }
    return Ending.FINE;
  }

  private Ending stalled(Direction direction) {
    WalkedEnd sender = walk.end(direction);
    long stuck = Math.max(1, sender.acknowledged);
    int transmissions = 0;
    int first = -1;
    int last = -1;
    long reference = 0;
    for (int row = sender.flow.firstRow(); row >= 0; row = table.next(row)) {
      long position = table.position(row, sender.base, reference);
      long start = (table.flags(row) & TcpFlags.SYN) != 0 ? position + 1 : position;
      int length = (table.flags(row) & TcpFlags.RST) != 0 ? 0 : sender.length(row);
      reference = length > 0 ? Math.max(reference, start) : reference;
      if (start <= stuck && stuck < start + length && !duplicates.contains(row)) {
        transmissions++;
        first = first < 0 ? row : first;
        last = row;
      }
    }
    if (transmissions < STALL_TRANSMISSIONS) {
      return Ending.FINE;
    }
    long nanos = table.timeNanos(last) - table.timeNanos(first);
    if (nanos < STALL_NANOS) {
      return Ending.FINE;
    }
    int before = before(first);
    return new Ending.Stalled(
        sender.outstandingData() == 0 ? Ending.Repeated.FIN : Ending.Repeated.DATA,
        direction,
        stuck,
        sender.outstandingData(),
        table.payloadBytes(first),
        transmissions,
        first,
        last,
        before < 0 ? 0 : table.timeNanos(first) - table.timeNanos(before),
        resetRow());
  }

  /** The last row of either end before another one, -1 where there is none. */
  private int before(int row) {
    int before = -1;
    for (Direction direction : Direction.values()) {
      Flow flow = connection.flow(direction);
      for (int other = flow.firstRow(); other >= 0 && other < row; other = table.next(other)) {
        before = Math.max(before, other);
      }
    }
    return before;
  }
}
