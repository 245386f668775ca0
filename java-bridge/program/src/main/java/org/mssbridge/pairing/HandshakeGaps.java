package org.mssbridge.pairing;

import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.TcpFlags;

/**
 * The gaps within one handshake without retransmissions.
 *
 * @param toSynAckNanos from the SYN to the SYN/ACK
 * @param toAckNanos from the SYN/ACK to the client's first ACK
 */
record HandshakeGaps(long toSynAckNanos, long toAckNanos) {
  /** The gaps of a connection; null where the handshake is not whole, or was repeated. */
  static HandshakeGaps of(Connection connection) {
    Flow client = connection.clientToServer();
    Flow server = connection.serverToClient();
    if (client.handshakes() != 1
        || server.handshakes() != 1
        || client.firstHandshakeRow() < 0
        || server.firstHandshakeRow() < 0) {
      return null;
    }
    SegmentTable table = client.table();
    long synNanos = table.timeNanos(client.firstHandshakeRow());
    long synAckNanos = table.timeNanos(server.firstHandshakeRow());
    long ackNanos = firstAckNanos(client);
    return ackNanos < synAckNanos
        ? null
        : new HandshakeGaps(synAckNanos - synNanos, ackNanos - synAckNanos);
  }

  long wholeNanos() {
    return toSynAckNanos + toAckNanos;
  }

  private static long firstAckNanos(Flow client) {
    SegmentTable table = client.table();
    for (int row = client.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.SYN | TcpFlags.ACK)) == TcpFlags.ACK) {
        return table.timeNanos(row);
      }
    }
    return Long.MIN_VALUE;
  }

  /**
   * Whether SYN to ACK takes the same time at both points, as it does unless a device answers
   * itself.
   */
  boolean isSameHandshakeAs(HandshakeGaps other) {
    long whole = wholeNanos();
    long otherWhole = other.wholeNanos();
    return Math.abs(whole - otherWhole) <= Math.max(whole, otherWhole) / 5;
  }
}
