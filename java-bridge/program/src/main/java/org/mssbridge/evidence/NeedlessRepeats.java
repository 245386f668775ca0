package org.mssbridge.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final long roundTripNanos;
  private final List<Repeat> found = new ArrayList<>();

  /** The row of the last transmission from each number, and of repetitions that may be needless. */
  private final Map<Integer, Integer> sent = new HashMap<>();

  private final Map<Integer, Deque<Integer>> open = new HashMap<>();

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
   */
  public record Repeat(
      Why why, int frame, int acknowledgmentFrame, long nanos, long roundTripNanos) {}

  private NeedlessRepeats(Connection seen, Direction direction, CaptureDuplicates duplicates) {
    this.table = seen.clientToServer().table();
    this.duplicates = duplicates;
    this.roundTripNanos = HandshakeGaps.of(seen).map(gaps -> gaps.toNanos(direction)).orElse(-1L);
  }

  /** The needless repetitions of a direction, in order. */
  public static List<Repeat> of(
      Connection seen, Direction direction, CaptureDuplicates duplicates) {
    NeedlessRepeats repeats = new NeedlessRepeats(seen, direction, duplicates);
    int acks = seen.flow(direction.reverse()).firstRow();
    for (int row = seen.flow(direction).firstRow(); row >= 0; row = repeats.table.next(row)) {
      acks = repeats.acknowledge(acks, row);
      repeats.send(row);
    }
    repeats.acknowledge(acks, Integer.MAX_VALUE);
    repeats.found.sort(Comparator.comparingInt(Repeat::frame));
    return repeats.found;
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
      Deque<Integer> copies = open.get(at);
      if (copies == null) {
        return;
      }
      int repeated = copies.removeLast();
      if (copies.isEmpty()) {
        open.remove(at);
      }
      at += table.payloadBytes(repeated);
      found.add(
          new Repeat(Why.REPORTED, table.frame(repeated), table.frame(row), 0, roundTripNanos));
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
    // The network, not the sender, repeats a packet with the same IP ID.
    if (before == null || (table.ipId(row) > 0 && table.ipId(row) == table.ipId(before))) {
      return;
    }
    int beyond = acknowledged - (table.sequence(row) + table.payloadBytes(row));
    if (position < 0 || beyond < 0) {
      open.computeIfAbsent(table.sequence(row), key -> new ArrayDeque<>(1)).addLast(row);
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
            roundTripNanos));
  }
}
