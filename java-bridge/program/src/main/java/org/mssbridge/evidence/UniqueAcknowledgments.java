package org.mssbridge.evidence;

import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/**
 * Segments without data that acknowledge what none before them did, and no other one acknowledges:
 * one of them at each point with the same number is the same one. Found in one pass without keeping
 * any.
 */
final class UniqueAcknowledgments {
  private static final int CONTROL = TcpFlags.SYN | TcpFlags.FIN | TcpFlags.RST;

  private final SegmentTable table;
  private final int base;
  private int next;
  private int row;
  private long position;
  private long reached;

  private UniqueAcknowledgments(Flow flow, int base) {
    this.table = flow.table();
    this.base = base;
    this.next = flow.firstRow();
    advance();
  }

  /** Visits those of a direction in order. */
  static void of(PairedConnection pair, Direction direction, IdentifiedSegments.Visitor visitor) {
    UniqueAcknowledgments near = at(pair.nearPoint(direction), pair, direction);
    UniqueAcknowledgments far = at(pair.farPoint(direction), pair, direction);
    while (near.row >= 0 && far.row >= 0) {
      if (near.position == far.position) {
        visitor.visit(near.row, far.row);
        near.advance();
        far.advance();
      } else if (near.position < far.position) {
        near.advance();
      } else {
        far.advance();
      }
    }
  }

  private static UniqueAcknowledgments at(
      CapturePoint point, PairedConnection pair, Direction direction) {
    return new UniqueAcknowledgments(
        pair.at(point).flow(direction), pair.base(point, direction.reverse()));
  }

  /** Goes to the next one, whose row is -1 after the last. */
  private void advance() {
    row = -1;
    while (next >= 0) {
      long acknowledged = SequenceNumber.unwrap(table.acknowledgment(next) - base, reached);
      boolean isBare =
          table.payloadBytes(next) == 0
              && (table.flags(next) & (CONTROL | TcpFlags.ACK)) == TcpFlags.ACK;
      if (isBare && acknowledged > reached) {
        if (row >= 0) {
          return; // It is the first one of the next number.
        }
        row = next;
        position = acknowledged;
        reached = acknowledged;
      } else if (isBare && acknowledged == reached) {
        row = -1;
      }
      next = table.next(next);
    }
  }
}
