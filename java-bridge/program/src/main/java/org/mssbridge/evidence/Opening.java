package org.mssbridge.evidence;

import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpFlags;

/**
 * The SYNs of a connection that nothing answered at a point.
 *
 * @param attempts all transmissions of the SYN
 * @param unanswered those that were repeated, or were the last, before anything answered
 * @param firstFrame the first of them
 * @param lastFrame the last unanswered one
 * @param firstNanos the time of the first SYN
 * @param lastNanos the time of the last unanswered one
 * @param answerRow the first segment of the server, -1 where there is none
 * @param waitedNanos from the first SYN to the answer, or to the last SYN where nothing answered
 * @param staleRow the segment with which the server answers the SYN as one of an earlier connection
 *     that it still has (RFC 9293, section 3.10.7.4; RFC 5961, section 4), -1 where it does not
 * @param staleResetRow the RST with which the client answers that, -1 where there is none
 */
public record Opening(
    int attempts,
    int unanswered,
    int firstFrame,
    int lastFrame,
    long firstNanos,
    long lastNanos,
    int answerRow,
    long waitedNanos,
    int staleRow,
    int staleResetRow) {
  /** All was answered, or no SYN was seen. */
  static final Opening ANSWERED = new Opening(0, 0, 0, 0, 0, 0, -1, 0, -1, -1);

  /** Copies that come sooner are no repetition of the sender (RFC 6298, section 2.1: 1 s). */
  public static final long LEAST_PAUSE_NANOS = 500_000_000;

  /**
   * The opening of a connection.
   *
   * @param captureEndNanos until when the capture shows that an answer is missing
   */
  static Opening of(Connection connection, long captureEndNanos) {
    Flow server = connection.serverToClient();
    SegmentTable table = server.table();
    int answer = server.firstRow();
    if (connection.clientToServer().handshakes() == 1
        && answer >= 0
        && TcpFlags.isSynAck(table.flags(answer))) {
      return ANSWERED; // As nearly all are.
    }
    int answerFrame = answer < 0 ? Integer.MAX_VALUE : table.frame(answer);
    int attempts = 0;
    int unanswered = 0;
    Segment first = null;
    Segment previous = null;
    Segment lastUnanswered = null;
    for (Segment syn : connection.clientToServer().handshake()) {
      if (!TcpFlags.isSyn(syn.flags())
          || (first != null && syn.sequence() != first.sequence())
          || (previous != null && syn.timeNanos() - previous.timeNanos() < LEAST_PAUSE_NANOS)) {
        continue;
      }
      attempts++;
      first = first == null ? syn : first;
      if (previous != null && syn.frame() < answerFrame) {
        unanswered++;
        lastUnanswered = previous;
      }
      previous = syn;
    }
    if (attempts > 1 && answer < 0 && captureEndNanos - previous.timeNanos() >= LEAST_PAUSE_NANOS) {
      unanswered++;
      lastUnanswered = previous;
    }
    int stale = staleRow(connection);
    if (stale >= 0) {
      return new Opening(
          attempts,
          0,
          first.frame(),
          first.frame(),
          first.timeNanos(),
          first.timeNanos(),
          stale,
          table.timeNanos(stale) - first.timeNanos(),
          stale,
          resetOf(connection, stale));
    }
    if (unanswered == 0) {
      return ANSWERED;
    }
    long end = answer < 0 ? previous.timeNanos() : table.timeNanos(answer);
    return new Opening(
        attempts,
        unanswered,
        first.frame(),
        lastUnanswered.frame(),
        first.timeNanos(),
        lastUnanswered.timeNanos(),
        answer,
        end - first.timeNanos(),
        -1,
        -1);
  }

  /**
   * The server's first segment, where it acknowledges something else than the SYNs, which are all
   * that the client sent before it, and the client takes it for none of its connection.
   */
  private static int staleRow(Connection connection) {
    int row = connection.serverToClient().firstRow();
    int syn = connection.clientToServer().firstRow();
    if (row < 0 || !connection.hasSyn() || syn > row) {
      return -1;
    }
    SegmentTable table = connection.serverToClient().table();
    boolean plain =
        (table.flags(row) & (TcpFlags.SYN | TcpFlags.RST | TcpFlags.ACK)) == TcpFlags.ACK;
    if (!plain || table.acknowledgment(row) == table.sequence(syn) + 1) {
      return -1;
    }
    int next = syn;
    while (next >= 0 && next < row && TcpFlags.isSyn(table.flags(next))) {
      next = table.next(next);
    }
    boolean refused =
        next > row && (TcpFlags.isSyn(table.flags(next)) || next == resetOf(connection, row));
    return refused ? row : -1;
  }

  /** The client's RST with the number that the server's segment acknowledges. */
  private static int resetOf(Connection connection, int stale) {
    SegmentTable table = connection.clientToServer().table();
    for (int row = connection.clientToServer().firstRow(); row >= 0; row = table.next(row)) {
      if (row > stale
          && (table.flags(row) & TcpFlags.RST) != 0
          && table.sequence(row) == table.acknowledgment(stale)) {
        return row;
      }
    }
    return -1;
  }

  /** Whether the server still has an earlier connection of the same addresses and ports. */
  public boolean isStale() {
    return staleRow >= 0;
  }
}
