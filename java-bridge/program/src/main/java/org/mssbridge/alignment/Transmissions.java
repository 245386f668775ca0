package org.mssbridge.alignment;

import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/** Picks the data segments of one direction at one point that carry bytes of the stream. */
final class Transmissions {
  private final PairedConnection pair;
  private final Direction direction;

  Transmissions(PairedConnection pair, Direction direction) {
    this.pair = pair;
    this.direction = direction;
  }

  /** Those at the near point. */
  PieceTable sent(Acknowledgments acknowledgments) {
    return at(pair.nearPoint(direction), acknowledgments, -1);
  }

  /** Those at the far point, but for a row that is left out. */
  PieceTable arrived(Acknowledgments acknowledgments, int leftOut) {
    return at(pair.farPoint(direction), acknowledgments, leftOut);
  }

  /**
   * The row of a FIN at the far point whose data its sender cannot have sent, -1 where there is
   * none: it ends before the last byte that was sent, and has another TTL than the handshake. A
   * device made it, such as one that sends a client elsewhere. One that shortens the stream changes
   * no TTL.
   *
   * @param sent those at the near point
   */
  int foreignFin(PieceTable sent) {
    Flow far = pair.farFlow(direction);
    SegmentTable table = far.table();
    int row = far.firstClosingRow();
    if (row < 0
        || sent.size() == 0
        || !far.hasHandshake()
        || table.ttl(row) == far.firstTtl()
        || table.payloadBytes(row) == 0
        || (table.flags(row) & (TcpFlags.FIN | TcpFlags.RST | TcpFlags.SYN)) != TcpFlags.FIN) {
      return -1;
    }
    long end = sent.end();
    long position = table.position(row, pair.base(pair.farPoint(direction), direction), end);
    return position + table.payloadBytes(row) < end ? row : -1;
  }

  private PieceTable at(CapturePoint point, Acknowledgments acknowledgments, int leftOut) {
    Flow flow = pair.at(point).flow(direction);
    SegmentTable table = flow.table();
    CaptureDuplicates duplicates = pair.duplicates(point);
    PieceTable data = new PieceTable(table, flow.dataSegments());
    int base = pair.base(point, direction);
    long reference = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      int payloadBytes = table.payloadBytes(row);
      if (payloadBytes == 0 || row == leftOut || duplicates.contains(row)) {
        continue;
      }
      long position = table.position(row, base, reference);
      long start = (table.flags(row) & TcpFlags.SYN) != 0 ? position + 1 : position;
      if (!isKeepAlive(row, start, payloadBytes, reference, acknowledgments)) {
        data.add(row, start, payloadBytes);
        reference = Math.max(reference, start + payloadBytes);
      }
    }
    return data;
  }

  /**
   * Whether it is a keep-alive: it repeats the last byte, already acknowledged (RFC 9293, section
   * 3.8.4).
   */
  private static boolean isKeepAlive(
      int row, long start, int payloadBytes, long end, Acknowledgments acknowledgments) {
    return payloadBytes == 1
        && start + 1 == end
        && (acknowledgments.isEmpty() || acknowledgments.highestBefore(row) >= end);
  }
}
