package org.mssbridge.evidence;

import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;

/**
 * In whose numbers the SACK blocks are that one point sees. A block of a receiver speaks of the
 * bytes of the other direction; at each point it must lie where that point saw these bytes.
 *
 * <p>Where the numbers of both points are far apart, a block fits one of them only. Where they
 * overlap, that decides in which its edges are better ones: borders of segments, above the ACK, and
 * not above what was sent until then. What single blocks leave open the majority decides.
 *
 * @param own blocks in the numbers in which this point saw the bytes
 * @param other blocks in the numbers of the other point: they were not translated
 * @param unclear blocks that fit both alike, and no majority says which
 * @param neither blocks that fit neither
 * @param firstForeignRow the first segment with a block in the other point's numbers, -1 where
 *     there is none
 */
public record SackSpace(int own, int other, int unclear, int neither, int firstForeignRow) {
  /** A SACK may name bytes that the capture does not hold, but hardly more than a window ahead. */
  private static final long MARGIN_BYTES = 1 << 20;

  /** No block at all. */
  static final SackSpace NONE = new SackSpace(0, 0, 0, 0, -1);

  /**
   * Sorts the blocks that are carried in a direction, as one point saw them.
   *
   * @param carrying the direction of the segments that carry the SACK blocks
   */
  static SackSpace of(PairedConnection pair, CapturePoint point, Direction carrying) {
    int row = pair.at(point).flow(carrying).firstSackRow();
    return row < 0 ? NONE : new Sorter(pair, point, carrying.reverse()).sort(row);
  }

  private static final class Sorter {
    private static final int IMPOSSIBLE = -1;

    /** From this difference on a block says itself in whose numbers it is. */
    private static final int CLEAR = 2;

    private final SegmentTable table;
    private final SegmentBorders borders;
    private final int ownBase;
    private final int otherBase;
    private int dataRow;
    private long sentBytes;
    private int sureOwn;
    private int sureOther;
    private int likelyOwn;
    private int likelyOther;
    private int open;
    private int neither;
    private int firstSureRow = -1;
    private int firstLikelyRow = -1;

    Sorter(PairedConnection pair, CapturePoint point, Direction data) {
      boolean near = point.equals(pair.nearPoint(data));
      CapturePoint peer = near ? pair.farPoint(data) : pair.nearPoint(data);
      table = pair.at(point).flow(data).table();
      borders = SegmentBorders.atBoth(pair, data);
      ownBase = pair.base(point, data);
      otherBase = pair.base(peer, data);
      dataRow = pair.at(point).flow(data).firstRow();
    }

    /** Both directions share a table, so that rows tell what was sent before a SACK. */
    SackSpace sort(int firstRow) {
      for (int row = firstRow; row >= 0; row = table.next(row)) {
        if (table.hasSack(row)) {
          readUntil(row);
          int first = table.firstSack(row);
          for (int entry = first; table.isSackOf(entry, row); entry++) {
            sort(row, entry, entry == first);
          }
        }
      }
      return result();
    }

    private void readUntil(int row) {
      for (; dataRow >= 0 && dataRow < row; dataRow = table.next(dataRow)) {
        long end = table.position(dataRow, ownBase, sentBytes) + table.payloadBytes(dataRow);
        sentBytes = Math.max(sentBytes, end);
      }
    }

    private void sort(int row, int entry, boolean first) {
      long ack = SequenceNumber.unwrap(table.acknowledgment(row) - ownBase, sentBytes);
      int inOwn = rank(entry, ownBase, ack, first);
      int inOther = rank(entry, otherBase, ack, first);
      if (inOwn == IMPOSSIBLE && inOther == IMPOSSIBLE) {
        neither++;
      } else if (inOther == IMPOSSIBLE) {
        sureOwn++;
      } else if (inOwn == IMPOSSIBLE) {
        sureOther++;
        firstSureRow = firstSureRow < 0 ? row : firstSureRow;
      } else if (inOwn - inOther >= CLEAR) {
        likelyOwn++;
      } else if (inOther - inOwn >= CLEAR) {
        likelyOther++;
        firstLikelyRow = firstLikelyRow < 0 ? row : firstLikelyRow;
      } else {
        open++;
      }
    }

    /** How well a block fits when it is read in these numbers. */
    private int rank(int entry, int base, long ack, boolean first) {
      long left = SequenceNumber.unwrap(table.sackLeft(entry) - base, sentBytes);
      long right = left + (table.sackRight(entry) - table.sackLeft(entry));
      if (left < 0 || right <= left || right > sentBytes + MARGIN_BYTES) {
        return IMPOSSIBLE;
      }
      int rank = (borders.isStart(left) ? 2 : 0) + (borders.isEnd(right) ? 2 : 0);
      boolean sent = right <= sentBytes;
      // The first block may tell of bytes that came twice (RFC 2883, section 4).
      boolean duplicate = first && right <= ack;
      return rank + (sent ? 1 : 0) + (left > ack ? 2 : duplicate ? 1 : 0);
    }

    private SackSpace result() {
      int own = sureOwn + likelyOwn;
      int other = sureOther + likelyOther;
      int undecided = likelyOwn + likelyOther + open;
      if (own > other) {
        return new SackSpace(sureOwn + undecided, sureOther, 0, neither, firstSureRow);
      }
      if (other > own) {
        int foreignRow =
            firstSureRow < 0 || (firstLikelyRow >= 0 && firstLikelyRow < firstSureRow)
                ? firstLikelyRow
                : firstSureRow;
        return new SackSpace(sureOwn, sureOther + undecided, 0, neither, foreignRow);
      }
      return new SackSpace(sureOwn, sureOther, undecided, neither, firstSureRow);
    }
  }
}
