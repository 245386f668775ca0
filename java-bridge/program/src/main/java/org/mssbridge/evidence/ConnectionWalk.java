package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Walks once through the segments of a connection at one point, both directions in the order of the
 * capture, and keeps what tells how it ended.
 */
final class ConnectionWalk {
  /** An answer takes about as long as the quickest acknowledgment, and hardly this much more. */
  private static final long ANSWER_NANOS = 1_000_000;

  /** What a host without the connection answers comes at once; this leaves room for the way. */
  private static final long LATEST_ANSWER_NANOS = 3_000_000_000L;

  private final CaptureDuplicates duplicates;
  private final SegmentTable table;
  private final WalkedEnd client;
  private final WalkedEnd server;

  /** The RST that ends it so far; null where there is none, or its sender goes on. */
  private Ending.Reset reset;

  /** The last one whose sender went on; null where there is none. */
  private Ending.Reset ignored;

  private boolean finsBeforeReset;

  ConnectionWalk(Connection connection, CaptureDuplicates duplicates) {
    this.duplicates = duplicates;
    this.table = connection.clientToServer().table();
    this.client = new WalkedEnd(connection.clientToServer());
    this.server = new WalkedEnd(connection.serverToClient());
    walk();
  }

  /** The end that sends in a direction. */
  WalkedEnd end(Direction direction) {
    return direction == Direction.C2S ? client : server;
  }

  /** The RST that ends the connection; what was on its way to its sender then counts too. */
  Optional<Ending.Reset> reset() {
    return Optional.ofNullable(reset)
        .map(end -> end.withNeverAcknowledged(end(end.from().reverse()).outstandingData()));
  }

  /** Whether both ends had sent a FIN before. */
  boolean hadClosed() {
    return finsBeforeReset;
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
    WalkedEnd sender = end(direction);
    WalkedEnd receiver = end(direction.reverse());
    int flags = table.flags(row);
    if ((flags & TcpFlags.RST) != 0) {
      // Another RST of the same end adds nothing; one of the other end only follows.
      if (reset == null) {
        reset = reset(row, direction, previous);
        finsBeforeReset = client.fin && server.fin;
      }
      return;
    }
    if (reset != null && direction == reset.from()) {
      ignored = reset;
      reset = null; // Its sender goes on: the RST is not its own, or a new connection began.
    }
    receiver.hear();
    if (previous >= 0 && previous == receiver.lastRow && receiver.length(previous) > 0) {
      long nanos = table.timeNanos(row) - table.timeNanos(previous);
      sender.quickestNanos = Math.min(sender.quickestNanos, nanos);
    }
    sender.send(row, previous);
    if ((flags & TcpFlags.ACK) != 0) {
      receiver.acknowledge(row);
    }
  }

  private Ending.Reset reset(int row, Direction from, int previous) {
    WalkedEnd sender = end(from);
    WalkedEnd receiver = end(from.reverse());
    boolean afterOtherFin = receiver.fin && receiver.outstanding() == 0;
    long received = receiver.outstandingData();
    if ((table.flags(row) & TcpFlags.ACK) != 0 && receiver.acknowledges) {
      receiver.acknowledge(row);
    }
    boolean withoutConnection = isForNoConnection(row, receiver);
    boolean isPrompt =
        withoutConnection
            && table.timeNanos(row) - table.timeNanos(receiver.lastRow) <= LATEST_ANSWER_NANOS;
    boolean answers =
        isPrompt
            || (receiver.lastRow >= 0
                && receiver.lastRow == previous
                && receiver.length(previous) > 0
                && isQuick(sender, table.timeNanos(row) - table.timeNanos(previous)));
    int before = answers ? receiver.beforeLast : previous;
    int provoked = answers ? receiver.lastRow : row;
    return new Ending.Reset(
        from,
        row,
        answers ? receiver.lastRow : -1,
        before < 0 ? 0 : table.timeNanos(provoked) - table.timeNanos(before),
        sender.outstandingData(),
        receiver.outstandingData(),
        receiver.outstandingData(),
        received - receiver.outstandingData(),
        isPrompt,
        isPrompt && from == Direction.C2S && isHalfOpen(),
        sender.fin,
        sender.finAcknowledgedRow,
        afterOtherFin,
        ignored != null && ignored.from() != from ? ignored.row() : -1);
  }

  /** Whether an end that is some way behind the point can have answered so soon, and no sooner. */
  private static boolean isQuick(WalkedEnd sender, long nanos) {
    long quickest = sender.quickestNanos == Long.MAX_VALUE ? 0 : sender.quickestNanos;
    return nanos <= quickest + quickest / 2 + ANSWER_NANOS;
  }

  /** Whether the client sent only its SYN so far, and the server's last segment accepts it. */
  private boolean isHalfOpen() {
    return client.lastRow >= 0
        && client.onlySyns
        && TcpFlags.isSynAck(table.flags(server.lastRow))
        && table.acknowledgment(server.lastRow) == client.base + 1;
  }

  /** Whether a RST has no ACK and the number that the other end's last segment acknowledged. */
  private boolean isForNoConnection(int row, WalkedEnd receiver) {
    return (table.flags(row) & TcpFlags.ACK) == 0
        && receiver.lastRow >= 0
        && (table.flags(receiver.lastRow) & TcpFlags.ACK) != 0
        && table.sequence(row) == table.acknowledgment(receiver.lastRow);
  }
}
