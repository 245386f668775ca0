package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/** The MSS that a sender of bulk data uses on a connection whose handshake no capture holds. */
public final class MssInUse {
  /** A window of which so much is in flight does not end segments early. */
  private static final int SEGMENTS_IN_FLIGHT = 3;

  /** The largest shift count (RFC 7323, section 2.3): the window is looked at in another way. */
  private static final int ANY_SCALE = 14;

  private MssInUse() {}

  /**
   * The full segments of a direction; empty where it has too few, or where the window may set their
   * size, which cannot be computed without the handshake.
   */
  public static Optional<FullSegments> of(Connection connection, Direction direction) {
    return FullSegments.of(connection, direction, ANY_SCALE)
        .filter(
            full ->
                inFlightBytes(connection, direction)
                    >= (long) SEGMENTS_IN_FLIGHT * full.mssBytes());
  }

  /** The most bytes of a direction that were sent and not acknowledged at a time. */
  private static long inFlightBytes(Connection connection, Direction direction) {
    Flow sender = connection.flow(direction);
    SegmentTable table = sender.table();
    int answer = connection.flow(direction.reverse()).firstRow();
    int base = table.sequence(sender.firstRow());
    long most = 0;
    long end = 0;
    long acknowledged = Long.MAX_VALUE;
    for (int row = sender.firstRow(); row >= 0; row = table.next(row)) {
      for (; answer >= 0 && answer < row; answer = table.next(answer)) {
        if ((table.flags(answer) & TcpFlags.ACK) != 0) {
          acknowledged = SequenceNumber.unwrap(table.acknowledgment(answer) - base, end);
        }
      }
      end = Math.max(end, table.position(row, base, end) + table.payloadBytes(row));
      most = Math.max(most, end - Math.min(end, acknowledged));
    }
    return most;
  }
}
