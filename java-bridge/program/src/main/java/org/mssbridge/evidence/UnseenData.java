package org.mssbridge.evidence;

import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Data that one end sent and that neither passed a point nor was acknowledged: a segment without
 * data has the number after it, as every ACK has (RFC 9293, section 3.10.7.4: SEQ=SND.NXT).
 *
 * @param row the first segment that has such a number
 * @param bytes what is missing
 */
public record UnseenData(int row, int bytes) {
  /** No window is larger (RFC 7323, section 2.3), so a number farther away is no such thing. */
  private static final int MOST_BYTES = 1 << 30;

  /**
   * What is missing at the end of a direction; empty where nothing is, and where data after the
   * last acknowledgment was seen, which may be lost after the point as well.
   */
  public static Optional<UnseenData> of(Connection seen, Direction direction) {
    Flow sender = seen.flow(direction);
    OptionalInt acknowledged = seen.flow(direction.reverse()).acknowledged();
    SegmentTable table = sender.table();
    int last = sender.lastRow();
    if (acknowledged.isEmpty()
        || last < 0
        || table.sequence(last) - acknowledged.getAsInt() <= 0) { // As with nearly all.
      return Optional.empty();
    }
    int first = -1;
    int bytes = 0;
    for (int row = sender.firstRow(); row >= 0; row = table.next(row)) {
      int missing = table.sequence(row) - acknowledged.getAsInt();
      if ((table.flags(row) & (TcpFlags.SYN | TcpFlags.RST)) != 0) {
        continue;
      }
      if (table.payloadBytes(row) > 0 && missing + table.payloadBytes(row) > 0) {
        return Optional.empty();
      }
      if (missing > 0) {
        first = first < 0 ? row : first;
        bytes = Math.max(bytes, missing);
      }
    }
    return bytes > 0 && bytes <= MOST_BYTES
        ? Optional.of(new UnseenData(first, bytes))
        : Optional.empty();
  }
}
