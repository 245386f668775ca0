package org.mssbridge.alignment;

import java.util.Arrays;
import java.util.OptionalInt;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;

/**
 * The raw sequence numbers from which positions of a direction are counted at both points: the
 * ISNs. Where a point did not see its ISN, segments that are the same at both points show by how
 * much the numbers are shifted.
 *
 * @param first the raw number that counts as 0 at the first point
 * @param second the same at the second point
 * @param isKnown whether both ISNs were seen, or segments confirm the shift
 * @param isFromHandshake whether both ISNs were seen
 */
record SequenceBase(int first, int second, boolean isKnown, boolean isFromHandshake) {
  private static final int MAX_SEGMENTS = 1 << 14;
  private static final int MIN_VOTES = 2;

  static SequenceBase of(Flow first, Flow second) {
    OptionalInt firstIsn = first.isn();
    OptionalInt secondIsn = second.isn();
    if (firstIsn.isPresent() && secondIsn.isPresent()) {
      return new SequenceBase(firstIsn.getAsInt(), secondIsn.getAsInt(), true, true);
    }
    OptionalInt found = shift(first, second);
    int shift = found.orElse(0);
    int base;
    if (firstIsn.isPresent()) {
      base = firstIsn.getAsInt();
    } else if (secondIsn.isPresent()) {
      base = secondIsn.getAsInt() - shift;
    } else {
      int firstStart = firstSequence(first, 0);
      int secondStart = firstSequence(second, firstStart + shift) - shift;
      firstStart = first.firstRow() < 0 ? secondStart : firstStart;
      base = (firstStart - secondStart < 0 ? firstStart : secondStart) - 1;
    }
    return new SequenceBase(base, base + shift, found.isPresent(), false);
  }

  /** The lowest raw sequence number among the first segments. */
  static int firstSequence(Flow flow, int fallback) {
    int row = flow.firstRow();
    if (row < 0) {
      return fallback;
    }
    SegmentTable table = flow.table();
    int least = table.sequence(row);
    for (int i = 0; row >= 0 && i < 64; i++, row = table.next(row)) {
      least = table.sequence(row) - least < 0 ? table.sequence(row) : least;
    }
    return least;
  }

  /**
   * By how much the numbers of the second point are higher; empty where the segments do not agree.
   */
  private static OptionalInt shift(Flow first, Flow second) {
    LongList votes = new LongList();
    for (Mark mark : Mark.values()) {
      vote(first, second, mark, votes);
    }
    long[] sorted = votes.toArray();
    Arrays.sort(sorted);
    int best = 0;
    int most = 0;
    int run = 0;
    for (int i = 0; i < sorted.length; i++) {
      run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
      if (run > most) {
        most = run;
        best = (int) sorted[i];
      }
    }
    return most >= MIN_VOTES && 2 * most > sorted.length
        ? OptionalInt.of(best)
        : OptionalInt.empty();
  }

  /** What a segment keeps from point to point, beside its length. */
  private enum Mark {
    PAYLOAD_SUM,
    IP_ID,
    TIMESTAMP;

    /** The mark of a row in 32 bits; 0 where it has none. */
    int of(SegmentTable table, int row) {
      int payloadBytes = table.payloadBytes(row);
      if (this == TIMESTAMP) {
        // A good mix, because many segments have neighbouring times and a few lengths.
        return payloadBytes == 0 || !table.hasTimestamp(row)
            ? 0
            : (table.timestamp(row) ^ payloadBytes * 0x9e37_79b1) | 1;
      }
      int value = this == IP_ID ? table.ipId(row) : table.payloadSum(row);
      boolean isMarked = value > 0 && (this == IP_ID || payloadBytes > 0);
      return isMarked ? (payloadBytes & 0x7fff) << 16 | value : 0;
    }
  }

  private static void vote(Flow first, Flow second, Mark mark, LongList votes) {
    SingleMarks.forEach(
        marks(first, mark),
        marks(second, mark),
        SingleMarks.UPPER_HALF,
        (firstMark, secondMark) -> votes.add((int) secondMark - (int) firstMark));
  }

  /**
   * Marks that identify segments in the upper half, with their sequence numbers in the lower half.
   */
  private static long[] marks(Flow flow, Mark mark) {
    SegmentTable table = flow.table();
    long[] marks = new long[Math.min(MAX_SEGMENTS, flow.segments())];
    int size = 0;
    int i = 0;
    for (int row = flow.firstRow(); row >= 0 && i < marks.length; row = table.next(row), i++) {
      int upper = mark.of(table, row);
      if (upper != 0) {
        marks[size++] = ((long) upper << 32) | (table.sequence(row) & 0xffff_ffffL);
      }
    }
    long[] sorted = Arrays.copyOf(marks, size);
    Arrays.sort(sorted);
    return sorted;
  }
}
