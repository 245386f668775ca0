package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Unreachable;

/**
 * How a connection ended as one point saw it. Rows are those of the point's segment table; a row of
 * -1 is one that does not exist.
 */
public sealed interface Ending {
  /** It was closed by FINs of both ends, or it goes on as far as the capture shows. */
  Ending FINE = new Fine();

  /** See {@link #FINE}. */
  record Fine() implements Ending {}

  /**
   * A SYN is refused: the server, or a device in its name, answers it with a RST, or ICMP says that
   * it cannot be delivered.
   *
   * @param synRow the last SYN
   * @param row the RST, -1 where it is ICMP
   * @param unreachable the ICMP message, empty where it is a RST
   */
  record Refused(int synRow, int row, Optional<Unreachable> unreachable) implements Ending {}

  /**
   * A RST ends it.
   *
   * @param from the direction in which the RST travels
   * @param row the RST
   * @param provokingRow the segment of the other end that it answers, -1 where it answers none
   * @param idleNanos the silence before the provoking segment, or before the RST
   * @param ownOutstandingBytes data of the end that sent it that was not acknowledged then
   * @param otherOutstandingBytes data of the other end that was not acknowledged then
   * @param neverAcknowledgedBytes the same with what came here after it
   * @param unreadBytes data of the other end that nothing but the RST acknowledges: it had arrived,
   *     and nobody can tell whether the application read it
   * @param withoutConnection whether the RST is one that a host sends for a connection that it does
   *     not have (RFC 9293, section 3.10.7.1): without ACK, with the number that was acknowledged
   * @param halfOpen whether it is the client's answer to the SYN/ACK of its own SYN, before it sent
   *     anything else
   * @param afterFin whether the end that sent the RST had sent a FIN before
   * @param finAcknowledgedRow the segment with which the other end acknowledged that FIN, -1 where
   *     it did not
   * @param afterOtherFin whether it had acknowledged a FIN of the other end
   * @param earlierRow a RST that had reached this end before and ended the connection for it, -1
   *     where there is none
   */
  record Reset(
      Direction from,
      int row,
      int provokingRow,
      long idleNanos,
      long ownOutstandingBytes,
      long otherOutstandingBytes,
      long neverAcknowledgedBytes,
      long unreadBytes,
      boolean withoutConnection,
      boolean halfOpen,
      boolean afterFin,
      int finAcknowledgedRow,
      boolean afterOtherFin,
      int earlierRow)
      implements Ending {
    /** Whether data of either end is outstanding, or was perhaps never read. */
    public boolean interrupts() {
      return ownOutstandingBytes + neverAcknowledgedBytes + unreadBytes > 0;
    }

    Reset withNeverAcknowledged(long bytes) {
      return new Reset(
          from,
          row,
          provokingRow,
          idleNanos,
          ownOutstandingBytes,
          otherOutstandingBytes,
          bytes,
          unreadBytes,
          withoutConnection,
          halfOpen,
          afterFin,
          finAcknowledgedRow,
          afterOtherFin,
          earlierRow);
    }
  }

  /** What is sent again and again. */
  enum Repeated {
    DATA,
    FIN,
    /** A segment that asks an idle peer whether it is there (RFC 9293, section 3.8.4). */
    KEEP_ALIVE
  }

  /**
   * The last data (or FIN) of a direction is repeated and never acknowledged, or its keep-alives
   * are never answered.
   *
   * @param repeated what is repeated
   * @param direction the direction of the data
   * @param start position of the first byte without acknowledgment
   * @param outstandingBytes data that was not acknowledged, 0 where only a FIN was not
   * @param segmentBytes data in the segment that was repeated
   * @param transmissions how often the first byte was sent
   * @param firstRow the first of these transmissions
   * @param lastRow the last of them
   * @param idleNanos the silence before the first of them
   * @param resetRow the RST with which the sender gives up, -1 where there is none
   */
  record Stalled(
      Repeated repeated,
      Direction direction,
      long start,
      long outstandingBytes,
      int segmentBytes,
      int transmissions,
      int firstRow,
      int lastRow,
      long idleNanos,
      int resetRow)
      implements Ending {}

  /**
   * The receiver of a direction closed its window and never opened it again, while the sender went
   * on asking.
   *
   * @param direction the direction of the data
   * @param closedRow the first segment of the receiver with window 0
   * @param lastRow its last one
   * @param nanos from the first of these to the end of the connection, or of what was seen of it
   * @param probes segments of the sender in that time
   * @param resetRow the RST that ends it, from either end, -1 where there is none
   */
  record WindowClosed(
      Direction direction, int closedRow, int lastRow, long nanos, int probes, int resetRow)
      implements Ending {}

  /** Measures how a connection ended at a point; needs times. */
  static Ending of(Connection connection, CaptureDuplicates duplicates) {
    return isSurelyFine(connection) ? FINE : new ConnectionEnd(connection, duplicates).ending();
  }

  /** As nearly all are: no walk through the segments is needed to see it. */
  private static boolean isSurelyFine(Connection connection) {
    return !connection.clientToServer().hasReset()
        && !connection.serverToClient().hasReset()
        && connection.clientToServer().unreachables().isEmpty()
        && !mayStall(connection, Direction.C2S)
        && !mayStall(connection, Direction.S2C);
  }

  private static boolean mayStall(Connection connection, Direction direction) {
    Flow sender = connection.flow(direction);
    Flow receiver = connection.flow(direction.reverse());
    return endsWithClosedWindow(sender)
        || (sender.repeatedSegments() >= ConnectionEnd.STALL_TRANSMISSIONS - 1
            && (sender.isOutstanding(receiver) || sender.endsWithProbe()));
  }

  private static boolean endsWithClosedWindow(Flow flow) {
    return flow.lastRow() >= 0 && flow.table().window(flow.lastRow()) == 0;
  }
}
