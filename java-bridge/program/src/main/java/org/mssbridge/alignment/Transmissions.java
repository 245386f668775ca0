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

  PieceTable at(CapturePoint point, Acknowledgments acknowledgments) {
    Flow flow = pair.at(point).flow(direction);
    SegmentTable table = flow.table();
    CaptureDuplicates duplicates = pair.duplicates(point);
    PieceTable data = new PieceTable(table, flow.dataSegments());
    int base = pair.base(point, direction);
    long reference = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      int payloadBytes = table.payloadBytes(row);
      if (payloadBytes == 0 || duplicates.contains(row)) {
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
