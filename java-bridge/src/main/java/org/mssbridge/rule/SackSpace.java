package org.mssbridge.rule;

import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.match.PairedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;

/**
 * In whose numbers the SACK blocks are that one point sees. A block of a receiver speaks of the
 * bytes of the other direction; at each point it must lie where that point saw these bytes.
 */
final class SackSpace {
  /** A SACK may name bytes that the capture does not hold, but hardly more than a window ahead. */
  private static final long MARGIN_BYTES = 1 << 20;

  private int own;
  private int other;
  private int neither;
  private int firstForeignRow = -1;

  private SackSpace() {}

  /**
   * Sorts the blocks that are carried in a direction, as one point saw them.
   *
   * @param carrying the direction of the segments that carry the SACK blocks
   */
  static SackSpace of(PairedConnection pair, CapturePoint point, Direction carrying) {
    SackSpace space = new SackSpace();
    Direction data = carrying.reverse();
    CapturePoint peer =
        point.equals(pair.nearPoint(data)) ? pair.farPoint(data) : pair.nearPoint(data);
    int ownBase = pair.base(point, data);
    int otherBase = pair.base(peer, data);
    long extentBytes =
        Math.max(extent(pair, point, data, ownBase), extent(pair, peer, data, otherBase));
    Flow flow = pair.at(point).flow(carrying);
    SegmentTable table = flow.table();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.hasSack(row)) {
        space.count(table, row, ownBase, otherBase, extentBytes);
      }
    }
    return space;
  }

  /** Up to which position a direction got, at a point. */
  private static long extent(PairedConnection pair, CapturePoint point, Direction data, int base) {
    Flow flow = pair.at(point).flow(data);
    SegmentTable table = flow.table();
    long highest = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      long end = table.position(row, base, highest) + table.payloadBytes(row);
      highest = Math.max(highest, end);
    }
    return highest;
  }

  private void count(SegmentTable table, int row, int ownBase, int otherBase, long extentBytes) {
    for (int entry = table.firstSack(row); table.isSackOf(entry, row); entry++) {
      count(table, row, entry, ownBase, otherBase, extentBytes);
    }
  }

  /** Bytes that a point saw decide; what may lie ahead of them only where they do not. */
  private void count(
      SegmentTable table, int row, int entry, int ownBase, int otherBase, long extentBytes) {
    for (long reachBytes : new long[] {extentBytes, extentBytes + MARGIN_BYTES}) {
      if (isWithin(table, entry, ownBase, reachBytes)) {
        own++;
        return;
      }
      if (isWithin(table, entry, otherBase, reachBytes)) {
        other++;
        firstForeignRow = firstForeignRow < 0 ? row : firstForeignRow;
        return;
      }
    }
    neither++;
  }

  private static boolean isWithin(SegmentTable table, int entry, int base, long extentBytes) {
    return SequenceNumber.delta(base, table.sackLeft(entry)) <= extentBytes
        && SequenceNumber.delta(base, table.sackRight(entry)) <= extentBytes;
  }

  /** Blocks that lie where this point saw the bytes. */
  int own() {
    return own;
  }

  /** Blocks that fit the numbers of the other point only: they were not translated. */
  int other() {
    return other;
  }

  /** Blocks that fit neither. */
  int neither() {
    return neither;
  }

  /** The first segment with a block in the other point's numbers, -1 where there is none. */
  int firstForeignRow() {
    return firstForeignRow;
  }
}
