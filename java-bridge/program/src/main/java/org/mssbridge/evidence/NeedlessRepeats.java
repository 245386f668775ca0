package org.mssbridge.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Segments of a direction that repeat what the receiver has, as one point sees it: their
 * acknowledgment passed before, or the receiver reports them as duplicates (RFC 2883).
 */
public final class NeedlessRepeats {
  /**
   * Room for a host that takes the acknowledgment late: a tick of the coarsest usual clock, 100 Hz.
   * In the tick in which it arrives, the timer may still fire (RFC 6298, section 2, calls it G).
   */
  private static final long SLACK_NANOS = 10_000_000L;

  /**
   * By how much an acknowledgment may be later than the handshake was, in round trips: the round
   * trip, and twice the variation that is assumed of a single measurement, R/2 (RFC 6298, section
   * 2.2).
   */
  private static final int LATEST_ROUND_TRIPS = 2;

  private final SegmentTable table;
  private final CaptureDuplicates duplicates;
  private final NetworkCopy copies;
  private final long roundTripNanos;
  private final List<Repeat> found = new ArrayList<>();

  /** The row of the last transmission from each number, and of repetitions that may be needless. */
  private final Map<Integer, Integer> sent = new HashMap<>();

  private final Map<Integer, Deque<Copy>> open = new HashMap<>();

  /** Where the second transmission began, and what the receiver reports as missing. */
  private final Set<Integer> repeated = new HashSet<>();

  private final ReportedGaps gaps;
  private final List<Copy> afterGap = new ArrayList<>();

  /** Positions that were acknowledged, ascending, counted from the first one, and their rows. */
  private final LongList positions = new LongList();

  private final LongList rows = new LongList();
  private int acknowledged;
  private long position = -1;

  /** Why a repetition is known to be needless. */
  public enum Why {
    /** The sender should have had the acknowledgment long before. */
    ACK_LOST(1),
    /** The acknowledgment can still have been on its way. */
    CROSSED(2),
    /** Later data had overtaken it, and the receiver reported a gap: a fast retransmit. */
    REORDERED(2),
    /** The receiver says so. */
    REPORTED(2);

    private final int least;

    Why(int least) {
      this.least = least;
    }

    /** Fewer segments are a probe for the loss of the last one (RFC 8985, section 7). */
    public int least() {
      return least;
    }
  }

  /**
   * A needless repetition.
   *
   * @param acknowledgmentFrame the acknowledgment before it, or the report after it
   * @param nanos from the acknowledgment to the repetition; 0 where the receiver reports it
   * @param roundTripNanos from the point to the sender and back, -1 where unknown
   * @param copy the two transmissions
   */
  public record Repeat(
      Why why, int frame, int acknowledgmentFrame, long nanos, long roundTripNanos, Copy copy) {
    /**
     * The same as a fast retransmit, if it is one.
     *
     * @param overtaken frames of segments that later ones had overtaken on the way to the point
     */
    public Repeat knowing(Set<Integer> overtaken) {
      boolean isReordered = copy.gapFrame() > 0 && (why == Why.REPORTED || isOvertaken(overtaken));
      return isReordered
          ? new Repeat(Why.REORDERED, frame, acknowledgmentFrame, nanos, roundTripNanos, copy)
          : this;
    }

    /** Whether later ones had overtaken the first transmission on the way to the point. */
    public boolean isOvertaken(Set<Integer> overtaken) {
      return overtaken.contains(copy.originalFrame());
    }
  }

  /**
   * A repetition of a segment.
   *
   * @param row its row
   * @param originalFrame the transmission before
   * @param nanos how long after that
   * @param gapFrame the receiver's segment that reported the first transmission as missing before
   *     the second one; 0 where none did, or more transmissions were before
   */
  public record Copy(int row, int originalFrame, long nanos, int gapFrame) {}

  private NeedlessRepeats(Connection seen, Direction direction, CaptureDuplicates duplicates) {
    this.table = seen.clientToServer().table();
    this.duplicates = duplicates;
    this.copies = new NetworkCopy(seen);
    this.gaps = new ReportedGaps(table);
    this.roundTripNanos = HandshakeGaps.of(seen).map(gaps -> gaps.toNanos(direction)).orElse(-1L);
  }

  /** The needless repetitions of a direction, in order. */
  public static List<Repeat> of(
      Connection seen, Direction direction, CaptureDuplicates duplicates) {
    return walked(seen, direction, duplicates).found;
  }

  /**
   * The segments of a direction that are repeated once the receiver reports them as missing, be it
   * needless or not, in order.
   */
  public static List<Copy> afterGap(
      Connection seen, Direction direction, CaptureDuplicates duplicates) {
    return walked(seen, direction, duplicates).afterGap;
  }

  private static NeedlessRepeats walked(
      Connection seen, Direction direction, CaptureDuplicates duplicates) {
    NeedlessRepeats repeats = new NeedlessRepeats(seen, direction, duplicates);
    int acks = seen.flow(direction.reverse()).firstRow();
    for (int row = seen.flow(direction).firstRow(); row >= 0; row = repeats.table.next(row)) {
      acks = repeats.acknowledge(acks, row);
      repeats.send(row);
    }
    repeats.acknowledge(acks, Integer.MAX_VALUE);
    repeats.found.sort(Comparator.comparingInt(Repeat::frame));
    return repeats;
  }

  /** Takes the receiver's segments before a row. */
  private int acknowledge(int from, int before) {
    int row = from;
    while (row >= 0 && row < before) {
      int flags = table.flags(row);
      if ((flags & TcpFlags.ACK) != 0 && (flags & TcpFlags.RST) == 0) {
        note(row);
      }
      row = table.next(row);
    }
    return row;
  }

  private void note(int row) {
    gaps.take(row);
    int number = table.acknowledgment(row);
    if (position < 0 || number - acknowledged > 0) {
      position = position < 0 ? 0 : position + (number - acknowledged);
      acknowledged = number;
      positions.add(position);
      rows.add(row);
    }
    if (table.hasSack(row)) {
      int first = table.firstSack(row);
      if (isDuplicate(row, first, number)) {
        report(row, table.sackLeft(first), table.sackRight(first));
      }
    }
  }

  /**
   * Whether the first block reports a duplicate: it is below what the segment acknowledges, or
   * within the second block (RFC 2883, section 4).
   */
  private boolean isDuplicate(int row, int first, int number) {
    int left = table.sackLeft(first);
    int right = table.sackRight(first);
    return right - number <= 0
        || (table.isSackOf(first + 1, row)
            && left - table.sackLeft(first + 1) >= 0
            && right - table.sackRight(first + 1) <= 0);
  }

  /**
   * Takes a report of duplicate bytes: one for each copy that arrives in vain. Of several copies
   * the latest is it, as an earlier one may have been the first to arrive.
   */
  private void report(int row, int left, int right) {
    int at = left;
    while (right - at > 0) {
      Deque<Copy> copies = open.get(at);
      if (copies == null) {
        return;
      }
      Copy copy = copies.removeLast();
      if (copies.isEmpty()) {
        open.remove(at);
      }
      at += table.payloadBytes(copy.row());
      found.add(
          new Repeat(
              Why.REPORTED, table.frame(copy.row()), table.frame(row), 0, roundTripNanos, copy));
    }
  }

  private void send(int row) {
    boolean hasData =
        table.payloadBytes(row) > 1 // One byte is a probe of an idle host or a closed window.
            && (table.flags(row) & (TcpFlags.SYN | TcpFlags.RST)) == 0;
    if (!hasData || duplicates.contains(row)) {
      return;
    }
    Integer before = sent.put(table.sequence(row), row);
    if (before == null || copies.is(row, before)) {
      return;
    }
    boolean isSecond = repeated.add(table.sequence(row));
    int gapRow = isSecond ? gaps.rowOf(table.sequence(row)) : -1;
    Copy copy =
        new Copy(
            row,
            table.frame(before),
            table.timeNanos(row) - table.timeNanos(before),
            gapRow < 0 ? 0 : table.frame(gapRow));
    if (gapRow >= 0) {
      afterGap.add(copy);
    }
    int beyond = acknowledged - (table.sequence(row) + table.payloadBytes(row));
    if (position < 0 || beyond < 0) {
      open.computeIfAbsent(table.sequence(row), key -> new ArrayDeque<>(1)).addLast(copy);
      return;
    }
    int index = positions.countBelow(position - beyond);
    int acknowledgment = (int) rows.get(Math.min(index, rows.size() - 1));
    long nanos = table.timeNanos(row) - table.timeNanos(acknowledgment);
    boolean late = roundTripNanos >= 0 && nanos > LATEST_ROUND_TRIPS * roundTripNanos + SLACK_NANOS;
    found.add(
        new Repeat(
            late ? Why.ACK_LOST : Why.CROSSED,
            table.frame(row),
            table.frame(acknowledgment),
            nanos,
            roundTripNanos,
            copy));
  }
}
