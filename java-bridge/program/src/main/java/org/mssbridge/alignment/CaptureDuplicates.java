package org.mssbridge.alignment;

import java.util.Arrays;
import java.util.BitSet;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;

/**
 * Segments that a capture holds twice although they passed once: a mirror session copied each
 * packet on both its ingress and its egress port, or the capture saw it before and after routing.
 *
 * <p>A single packet that appears twice was duplicated by the network. Here nearly all packets of a
 * flow appear twice, or the second copy has another TTL.
 */
public final class CaptureDuplicates {
  /**
   * Retransmissions come later than this, except on a network without delay, where they have
   * another IP ID.
   */
  private static final long MAX_NANOS = 5_000_000;

  private static final int MIN_REPEATS = 4;
  private static final int SLOTS = 1 << 12;

  private final BitSet rows = new BitSet();
  private final int[] slotRow = new int[SLOTS];
  private final int[] slotFlow = new int[SLOTS];
  private final PointCapture capture;
  private int packets;
  private int withOtherTtl;
  private int flow;

  /**
   * The number of segments of a flow that can be identified, and how many of them repeat another
   * one.
   */
  private record Repeats(int identifiable, int repeated) {
    static final Repeats NONE = new Repeats(0, 0);

    Repeats plus(Repeats other) {
      return new Repeats(identifiable + other.identifiable, repeated + other.repeated);
    }

    boolean areAtLeast(int percentOfPackets) {
      return 200L * repeated >= (long) percentOfPackets * identifiable;
    }
  }

  private CaptureDuplicates(PointCapture capture) {
    this.capture = capture;
    Arrays.fill(slotFlow, -1);
  }

  /** Finds the duplicates of a capture. */
  static CaptureDuplicates of(PointCapture capture) {
    CaptureDuplicates duplicates = new CaptureDuplicates(capture);
    Repeats all = Repeats.NONE;
    for (Connection connection : capture.connections()) {
      for (Direction direction : Direction.values()) {
        all = all.plus(duplicates.repeats(connection.flow(direction)));
      }
    }
    if (all.repeated() > 0) {
      duplicates.mark(all);
    }
    return duplicates;
  }

  private void mark(Repeats all) {
    boolean mirrored = all.repeated() >= MIN_REPEATS && all.areAtLeast(50);
    for (Connection connection : capture.connections()) {
      for (Direction direction : Direction.values()) {
        Repeats own = repeats(connection.flow(direction));
        boolean whole =
            (own.repeated() >= MIN_REPEATS && own.areAtLeast(80))
                || (mirrored && own.areAtLeast(50));
        mark(connection.flow(direction), whole);
      }
    }
  }

  private Repeats repeats(Flow segments) {
    SegmentTable table = segments.table();
    int identifiable = 0;
    int repeated = 0;
    flow++;
    for (int row = segments.firstRow(); row >= 0; row = table.next(row)) {
      int repeat = remember(table, row);
      if (table.ipId(row) > 0 || table.payloadBytes(row) > 0) {
        identifiable++;
        repeated += repeat >= 0 ? 1 : 0;
      }
    }
    return new Repeats(identifiable, repeated);
  }

  private void mark(Flow segments, boolean whole) {
    SegmentTable table = segments.table();
    flow++;
    for (int row = segments.firstRow(); row >= 0; row = table.next(row)) {
      int repeat = remember(table, row);
      boolean otherTtl = repeat >= 0 && table.ttl(row) != table.ttl(repeat);
      if (otherTtl || (whole && repeat >= 0)) {
        rows.set(row);
        packets++;
        withOtherTtl += otherTtl ? 1 : 0;
      }
    }
  }

  /** The row that this one repeats, or -1. */
  private int remember(SegmentTable table, int row) {
    int slot = slot(table, row);
    int earlier = slotFlow[slot] == flow ? slotRow[slot] : -1;
    slotFlow[slot] = flow;
    slotRow[slot] = row;
    return earlier >= 0 && isSame(table, earlier, row) ? earlier : -1;
  }

  private static int slot(SegmentTable table, int row) {
    long mixed = table.sequence(row) * 0x9e3779b97f4a7c15L + table.acknowledgment(row);
    mixed = (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L;
    mixed += ((long) table.ipId(row) << 20) + table.payloadBytes(row);
    mixed *= 0x94d049bb133111ebL;
    return (int) (mixed >>> 40) & (SLOTS - 1);
  }

  private static boolean isSame(SegmentTable table, int earlier, int later) {
    return table.timeNanos(later) - table.timeNanos(earlier) <= MAX_NANOS
        && table.sequence(earlier) == table.sequence(later)
        && table.acknowledgment(earlier) == table.acknowledgment(later)
        && table.payloadBytes(earlier) == table.payloadBytes(later)
        && table.flags(earlier) == table.flags(later)
        && table.ipId(earlier) == table.ipId(later)
        && table.window(earlier) == table.window(later)
        && table.timestamp(earlier) == table.timestamp(later)
        && table.payloadSum(earlier) == table.payloadSum(later);
  }

  /** Whether the segment in this row of the capture's table repeats an earlier one. */
  public boolean contains(int row) {
    return rows.get(row);
  }

  /** The number of segments that repeat an earlier one. */
  public int packets() {
    return packets;
  }

  /**
   * How many of these have another TTL than the first copy, because a router forwarded them in
   * between.
   */
  public int withOtherTtl() {
    return withOtherTtl;
  }
}
