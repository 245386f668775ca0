package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.List;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * A segment with data that begins before what one point saw already. Copies that the network or the
 * capture made, and probes of a closed window or of an idle host, are not among them.
 *
 * @param row its row
 * @param pieces its bytes below what was seen, in order
 */
record RepeatedSegment(int row, List<Piece> pieces) {
  /**
   * A part of it.
   *
   * @param start position of the first byte
   * @param end position after the last one
   * @param beforeRow the row of the last transmission of these bytes; {@link LatestRanges#NONE}
   *     where the point has none
   */
  record Piece(long start, long end, int beforeRow) {
    boolean isFirstSeen() {
      return beforeRow == LatestRanges.NONE;
    }

    long bytes() {
      return end - start;
    }
  }

  /** Those of a direction, in order; positions are counted from a raw number. */
  static List<RepeatedSegment> of(
      Connection seen, Direction direction, int base, CaptureDuplicates duplicates) {
    Walk walk = new Walk(seen, direction, base, duplicates);
    // Most segments carry what is sent once: only those are kept of which a part is sent again.
    walk.forEach(
        (row, start, end, covered) -> {
          if (start < covered) {
            walk.repeated.put(start, Math.min(end, covered), row);
          }
        });
    walk.forEach(walk::find);
    return walk.found;
  }

  private interface Visitor {
    void visit(int row, long start, long end, long covered);
  }

  private static final class Walk {
    private final Flow sender;
    private final Flow receiver;
    private final SegmentTable table;
    private final int base;
    private final CaptureDuplicates duplicates;
    private final NetworkCopy copies;
    private final LatestRanges repeated = new LatestRanges();
    private final LatestRanges last = new LatestRanges();
    private final List<RepeatedSegment> found = new ArrayList<>();

    Walk(Connection seen, Direction direction, int base, CaptureDuplicates duplicates) {
      this.sender = seen.flow(direction);
      this.receiver = seen.flow(direction.reverse());
      this.table = sender.table();
      this.base = base;
      this.duplicates = duplicates;
      this.copies = new NetworkCopy(seen);
    }

    /** Visits the segments with data, and tells after which position nothing was seen yet. */
    void forEach(Visitor visitor) {
      long covered = sender.isn().isPresent() ? 1 : Long.MIN_VALUE;
      long reference = 0;
      boolean isClosed = false;
      int acks = receiver.firstRow();
      for (int row = sender.firstDataRow(); row >= 0; row = table.next(row)) {
        for (; acks >= 0 && acks < row; acks = table.next(acks)) {
          isClosed = (table.flags(acks) & TcpFlags.RST) == 0 ? table.window(acks) == 0 : isClosed;
        }
        int payloadBytes = table.payloadBytes(row);
        if (payloadBytes <= 1
            || (table.flags(row) & (TcpFlags.SYN | TcpFlags.RST)) != 0
            || duplicates.contains(row)) {
          continue;
        }
        long start = table.position(row, base, reference);
        long end = start + payloadBytes;
        if (!isClosed || start >= covered) {
          visitor.visit(row, start, end, covered);
        }
        covered = Math.max(covered, end);
        reference = Math.max(reference, end);
      }
    }

    private void find(int row, long start, long end, long covered) {
      if (!repeated.overlaps(start, end)) {
        return;
      }
      if (start < covered) {
        List<Piece> pieces = pieces(row, start, Math.min(end, covered));
        if (!pieces.isEmpty()) {
          found.add(new RepeatedSegment(row, List.copyOf(pieces)));
        }
      }
      last.put(start, end, row);
    }

    private List<Piece> pieces(int row, long start, long end) {
      List<Piece> pieces = new ArrayList<>(1);
      long[] next = {start};
      last.forEach(
          start,
          end,
          (from, to, before) -> {
            if (from > next[0]) {
              pieces.add(new Piece(next[0], from, LatestRanges.NONE));
            }
            if (!copies.is(row, before)) {
              pieces.add(new Piece(from, to, before));
            }
            next[0] = to;
          });
      if (next[0] < end) {
        pieces.add(new Piece(next[0], end, LatestRanges.NONE));
      }
      return pieces;
    }
  }
}
