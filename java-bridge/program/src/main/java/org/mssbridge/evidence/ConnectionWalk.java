package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/**
 * Walks once through the segments of a connection at one point, both directions in the order of the
 * capture, and finds what ended it. Only where data is left without acknowledgment is a second walk
 * needed.
 */
final class ConnectionWalk {
  /** The largest possible window (RFC 7323, section 2.3). */
  private static final long MAX_BYTES = 1L << 30;

  /** An answer takes about as long as the quickest acknowledgment, and hardly this much more. */
  private static final long ANSWER_NANOS = 1_000_000;

  /** A window that is closed makes its sender ask at least so often. */
  private static final int CLOSED_PROBES = 2;

  /** Repetitions that last less may still recover: a stall has this many transmissions ... */
  static final int STALL_TRANSMISSIONS = 3;

  /** ... over this time. */
  private static final long STALL_NANOS = 3_000_000_000L;

  private final Connection connection;
  private final CaptureDuplicates duplicates;
  private final SegmentTable table;
  private final End client;
  private final End server;
  private int resetRow = -1;
  private int earlierResetRow = -1;
  private Direction resetFrom = Direction.C2S;
  private boolean resetIgnored;
  private int beforeReset = -1;
  private int provoking = -1;
  private int beforeProvoking = -1;
  private boolean finsBeforeReset;
  private long outstandingAtReset;
  private long unreadAtReset;
  private boolean otherFinAtReset;

  /** What one end sent, and what the other end acknowledged of it. */
  private final class End {
    final Flow flow;
    final int base;
    long sent;
    long acknowledged;
    boolean acknowledges;
    boolean fin;
    int lastRow = -1;

    /** Keep-alives since the other end was last heard. */
    int probes;

    int firstProbe = -1;

    /**
     * From where on its window is closed, -1 where it is open; and what the other end sent since.
     */
    int closedRow = -1;

    int sentToClosed;

    /** The shortest time from data of the other end to a segment of this one. */
    long quickestNanos = Long.MAX_VALUE;

    /** The row before {@link #lastRow}, of either end. */
    int beforeLast = -1;

    End(Flow flow) {
      this.flow = flow;
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

    long outstanding() {
      return acknowledges ? Math.max(0, sent - acknowledged) : 0;
    }
  }

  ConnectionWalk(Connection connection, CaptureDuplicates duplicates) {
    this.connection = connection;
    this.duplicates = duplicates;
    this.table = connection.clientToServer().table();
    this.client = new End(connection.clientToServer());
    this.server = new End(connection.serverToClient());
    walk();
  }

  private End end(Direction direction) {
    return direction == Direction.C2S ? client : server;
  }

  private void walk() {
    int c2s = client.flow.firstRow();
    int s2c = server.flow.firstRow();
    int previous = -1;
    while (c2s >= 0 || s2c >= 0) {
      boolean fromClient = s2c < 0 || (c2s >= 0 && c2s < s2c);
      int row = fromClient ? c2s : s2c;
      if (!duplicates.contains(row)) {
        add(row, fromClient ? Direction.C2S : Direction.S2C, previous);
        previous = row;
      }
      if (fromClient) {
        c2s = table.next(c2s);
      } else {
        s2c = table.next(s2c);
      }
    }
  }

  private void add(int row, Direction direction, int previous) {
    End sender = end(direction);
    End receiver = end(direction.reverse());
    int flags = table.flags(row);
    if ((flags & TcpFlags.RST) != 0) {
      if (resetRow < 0 || resetIgnored) {
        reset(row, direction, previous, receiver);
      }
      return;
    }
    if (resetRow >= 0 && direction == resetFrom) {
      resetIgnored = true; // Its sender goes on: the RST is not its own, or a new connection began.
    }
    receiver.probes = 0;
    noteProbe(sender, row);
    noteWindow(sender, row);
    receiver.sentToClosed += receiver.closedRow >= 0 ? 1 : 0;
    if (previous >= 0 && previous == receiver.lastRow && receiver.length(previous) > 0) {
      long nanos = table.timeNanos(row) - table.timeNanos(previous);
      sender.quickestNanos = Math.min(sender.quickestNanos, nanos);
    }
    sender.sent = Math.max(sender.sent, sender.start(row) + sender.length(row));
    sender.fin |= (flags & TcpFlags.FIN) != 0;
    sender.beforeLast = previous;
    sender.lastRow = row;
    if ((flags & TcpFlags.ACK) != 0) {
      acknowledge(receiver, table.acknowledgment(row));
    }
  }

  private void noteProbe(End sender, int row) {
    boolean isProbe =
        (table.flags(row) & (TcpFlags.SYN | TcpFlags.FIN)) == 0
            && sender.length(row) <= 1
            && sender.start(row) == sender.sent - 1
            && sender.outstanding() == 0;
    if (isProbe) {
      sender.firstProbe = sender.probes == 0 ? row : sender.firstProbe;
      sender.probes++;
    } else if (sender.length(row) > 0) {
      sender.probes = 0;
    }
  }

  /** The window of a SYN is no answer to data, and that of a closing end is nobody's business. */
  private void noteWindow(End sender, int row) {
    boolean closed =
        table.window(row) == 0
            && (table.flags(row) & (TcpFlags.SYN | TcpFlags.FIN)) == 0
            && !sender.fin;
    if (!closed) {
      sender.closedRow = -1;
      sender.sentToClosed = 0;
    } else if (sender.closedRow < 0) {
      sender.closedRow = row;
    }
  }

  private static void acknowledge(End data, int number) {
    long position = SequenceNumber.unwrap(number - data.base, data.acknowledged);
    if (position >= data.acknowledged && position - data.acknowledged <= MAX_BYTES) {
      data.acknowledged = position;
      data.acknowledges = true;
    }
  }

  private void reset(int row, Direction from, int previous, End receiver) {
    earlierResetRow = resetRow >= 0 && from != resetFrom ? resetRow : -1;
    resetRow = row;
    resetFrom = from;
    resetIgnored = false;
    beforeReset = previous;
    finsBeforeReset = client.fin && server.fin;
    otherFinAtReset = receiver.fin && receiver.outstanding() == 0;
    long received = data(receiver);
    if ((table.flags(row) & TcpFlags.ACK) != 0 && receiver.acknowledges) {
      acknowledge(receiver, table.acknowledgment(row));
    }
    unreadAtReset = received - data(receiver);
    outstandingAtReset = data(end(from)) + data(receiver);
    boolean answers =
        receiver.lastRow >= 0
            && (isForNoConnection(row, receiver)
                || (receiver.lastRow == previous
                    && receiver.length(previous) > 0
                    && isQuick(end(from), table.timeNanos(row) - table.timeNanos(previous))));
    provoking = answers ? receiver.lastRow : -1;
    beforeProvoking = answers ? receiver.beforeLast : -1;
  }

  /** Whether an end that is some way behind the point can have answered so soon, and no sooner. */
  private static boolean isQuick(End sender, long nanos) {
    long quickest = sender.quickestNanos == Long.MAX_VALUE ? 0 : sender.quickestNanos;
    return nanos <= quickest + quickest / 2 + ANSWER_NANOS;
  }

  /** Whether a RST has no ACK and the number that the other end's last segment acknowledged. */
  private boolean isForNoConnection(int row, End receiver) {
    return (table.flags(row) & TcpFlags.ACK) == 0
        && receiver.lastRow >= 0
        && (table.flags(receiver.lastRow) & TcpFlags.ACK) != 0
        && table.sequence(row) == table.acknowledgment(receiver.lastRow);
  }

  Ending ending() {
    boolean isReset = resetRow >= 0 && !resetIgnored;
    if (isReset && isRefused()) {
      return new Ending.Refused(client.lastRow, resetRow, Optional.empty());
    }
    if (!isReset && isSynAlone() && !client.flow.unreachables().isEmpty()) {
      return new Ending.Refused(client.lastRow, -1, Optional.of(client.flow.unreachables().get(0)));
    }
    Ending stalled = stalled(isReset);
    if (!stalled.equals(Ending.FINE)) {
      return stalled;
    }
    Ending closed = windowClosed(isReset);
    if (!closed.equals(Ending.FINE)) {
      return closed;
    }
    return isReset && !finsBeforeReset ? reset() : Ending.FINE;
  }

  private boolean isRefused() {
    return resetFrom == Direction.S2C && isSynAlone();
  }

  /** Whether the client sent nothing but SYNs, and the server nothing but RSTs. */
  private boolean isSynAlone() {
    return server.lastRow < 0 && client.lastRow >= 0 && TcpFlags.isSyn(table.flags(client.lastRow));
  }

  private Ending reset() {
    End sender = end(resetFrom);
    End receiver = end(resetFrom.reverse());
    int from = provoking >= 0 ? beforeProvoking : beforeReset;
    int to = provoking >= 0 ? provoking : resetRow;
    return new Ending.Reset(
        resetFrom,
        resetRow,
        provoking,
        from < 0 ? 0 : table.timeNanos(to) - table.timeNanos(from),
        outstandingAtReset,
        unreadAtReset,
        provoking >= 0 && isForNoConnection(resetRow, receiver),
        sender.fin,
        otherFinAtReset,
        earlierResetRow);
  }

  /** The outstanding bytes without a FIN. */
  private static long data(End end) {
    long outstanding = end.outstanding();
    return outstanding > 0 && end.fin ? outstanding - 1 : outstanding;
  }

  /** A stall of either direction; one of data is worse than one of a FIN. */
  private Ending stalled(boolean isReset) {
    Ending found = Ending.FINE;
    for (Direction direction : Direction.values()) {
      // What the other end answers with a RST is not stalled.
      boolean answered = isReset && resetFrom != direction;
      if (!answered && !isReceiverFull(direction)) {
        Ending stalled =
            end(direction).outstanding() > 0
                ? stalled(direction, isReset)
                : unheard(direction, isReset);
        if (stalled instanceof Ending.Stalled more
            && (found.equals(Ending.FINE) || more.outstandingBytes() > 0)) {
          found = stalled;
        }
      }
    }
    return found;
  }

  /** Whether the receiver does not read: the sender then probes a closed window, as it should. */
  private boolean isReceiverFull(Direction direction) {
    return end(direction.reverse()).closedRow >= 0;
  }

  /** Keep-alives at the end of a connection that the other end never answers. */
  private Ending unheard(Direction direction, boolean isReset) {
    End sender = end(direction);
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
        isReset ? resetRow : -1);
  }

  private Ending windowClosed(boolean isReset) {
    for (Direction direction : Direction.values()) {
      End receiver = end(direction.reverse());
      if (receiver.closedRow >= 0 && receiver.sentToClosed >= CLOSED_PROBES) {
        int last = isReset ? resetRow : Math.max(client.lastRow, server.lastRow);
        long nanos = table.timeNanos(last) - table.timeNanos(receiver.closedRow);
        if (nanos >= STALL_NANOS) {
          return new Ending.WindowClosed(
              direction,
              receiver.closedRow,
              receiver.lastRow,
              nanos,
              receiver.sentToClosed,
              isReset ? resetRow : -1);
        }
      }
    }
    return Ending.FINE;
  }

  private Ending stalled(Direction direction, boolean isReset) {
    End sender = end(direction);
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
        data(sender) == 0 ? Ending.Repeated.FIN : Ending.Repeated.DATA,
        direction,
        stuck,
        data(sender),
        table.payloadBytes(first),
        transmissions,
        first,
        last,
        before < 0 ? 0 : table.timeNanos(first) - table.timeNanos(before),
        isReset ? resetRow : -1);
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
