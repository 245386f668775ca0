package org.mssbridge.evidence;

import java.util.List;
import java.util.TreeSet;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;

/**
 * The sequence number space of the SACK blocks that one point sees. A SACK block covers bytes of
 * the opposite direction, so it must use the numbers that this point saw for those bytes.
 *
 * <p>If the numbers of the two points are far apart, a block fits only one of them. If they
 * overlap, a block belongs to the numbers in which its edges fit better: on segment boundaries,
 * above the ACK, and within what was sent by then. The majority decides blocks that remain unclear.
 *
 * @param own blocks in this point's own numbers
 * @param other blocks in the other point's numbers, which means they were not translated
 * @param unclear blocks that fit both equally and that no majority decides
 * @param neither blocks that fit neither point's numbers
 * @param foreignRows the rows of the segments with a block in the other point's numbers, ascending
 */
public record SackSpace(int own, int other, int unclear, int neither, List<Integer> foreignRows) {
  /** A SACK may cover bytes missing from the capture, but hardly more than a window ahead. */
  private static final long MARGIN_BYTES = 1 << 20;

  /** No blocks. */
  static final SackSpace NONE = new SackSpace(0, 0, 0, 0, List.of());

  /**
   * Classifies the SACK blocks carried in a direction, as one point saw them.
   *
   * @param carrying the direction of the segments that carry the SACK blocks
   */
  static SackSpace of(PairedConnection pair, CapturePoint point, Direction carrying) {
    int row = pair.at(point).flow(carrying).firstSackRow();
    return row < 0 ? NONE : new Classifier(pair, point, carrying.reverse()).classify(row);
  }

  private static final class Classifier {
    private static final int IMPOSSIBLE = -1;

    /** A rank difference of this or more decides for a block alone. */
    private static final int CLEAR = 2;

    private final SegmentTable table;
    private final SegmentBoundaries boundaries;
    private final int ownBase;
    private final int otherBase;
    private int dataRow;
    private long sentBytes;
    private int sureOwn;
    private int sureOther;
    private int likelyOwn;
    private int likelyOther;
    private int undecided;
    private int neither;
    private final TreeSet<Integer> sureRows = new TreeSet<>();
    private final TreeSet<Integer> likelyRows = new TreeSet<>();
    private final TreeSet<Integer> undecidedRows = new TreeSet<>();

    Classifier(PairedConnection pair, CapturePoint point, Direction data) {
      boolean near = point.equals(pair.nearPoint(data));
      CapturePoint peer = near ? pair.farPoint(data) : pair.nearPoint(data);
      table = pair.at(point).flow(data).table();
      boundaries = SegmentBoundaries.atBoth(pair, data);
      ownBase = pair.base(point, data);
      otherBase = pair.base(peer, data);
      dataRow = pair.at(point).flow(data).firstRow();
    }

    /** Both directions share a table, so row numbers show what was sent before a SACK. */
    SackSpace classify(int firstRow) {
      for (int row = firstRow; row >= 0; row = table.next(row)) {
        if (table.hasSack(row)) {
          readUntil(row);
          int first = table.firstSack(row);
          for (int entry = first; table.isSackOf(entry, row); entry++) {
            classify(row, entry, entry == first);
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

    private void classify(int row, int entry, boolean first) {
      long ack = SequenceNumber.unwrap(table.acknowledgment(row) - ownBase, sentBytes);
      int rankInOwn = rank(entry, ownBase, ack, first);
      int rankInOther = rank(entry, otherBase, ack, first);
      if (rankInOwn == IMPOSSIBLE && rankInOther == IMPOSSIBLE) {
        neither++;
      } else if (rankInOther == IMPOSSIBLE) {
        sureOwn++;
      } else if (rankInOwn == IMPOSSIBLE) {
        sureOther++;
        sureRows.add(row);
      } else if (rankInOwn - rankInOther >= CLEAR) {
        likelyOwn++;
      } else if (rankInOther - rankInOwn >= CLEAR) {
        likelyOther++;
        likelyRows.add(row);
      } else {
        undecided++;
        undecidedRows.add(row);
      }
    }

    /** How well a block fits the numbers with this base. */
    private int rank(int entry, int base, long ack, boolean first) {
      long leftEdge = SequenceNumber.unwrap(table.sackLeft(entry) - base, sentBytes);
      long rightEdge = leftEdge + (table.sackRight(entry) - table.sackLeft(entry));
      if (leftEdge < 0 || rightEdge <= leftEdge || rightEdge > sentBytes + MARGIN_BYTES) {
        return IMPOSSIBLE;
      }
      int rank = (boundaries.isStart(leftEdge) ? 2 : 0) + (boundaries.isEnd(rightEdge) ? 2 : 0);
      boolean sent = rightEdge <= sentBytes;
      // The first block may report a duplicate (D-SACK; RFC 2883, section 4).
      boolean duplicate = first && rightEdge <= ack;
      return rank + (sent ? 1 : 0) + (leftEdge > ack ? 2 : duplicate ? 1 : 0);
    }

    private SackSpace result() {
      int own = sureOwn + likelyOwn;
      int other = sureOther + likelyOther;
      int likely = likelyOwn + likelyOther + undecided;
      if (own > other) {
        return new SackSpace(sureOwn + likely, sureOther, 0, neither, List.copyOf(sureRows));
      }
      if (other > own) {
        TreeSet<Integer> foreign = new TreeSet<>(sureRows);
        foreign.addAll(likelyRows);
        foreign.addAll(undecidedRows);
        return new SackSpace(sureOwn, sureOther + likely, 0, neither, List.copyOf(foreign));
      }
      return new SackSpace(sureOwn, sureOther, likely, neither, List.copyOf(sureRows));
    }
  }
}
