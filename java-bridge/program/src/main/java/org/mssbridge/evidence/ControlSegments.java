package org.mssbridge.evidence;

import java.util.Arrays;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/** The segments without data of one direction at one point, in the order of the capture. */
final class ControlSegments {
  private static final int KEY_FLAGS = TcpFlags.SYN | TcpFlags.ACK | TcpFlags.FIN | TcpFlags.RST;

  final SegmentTable table;
  final int[] rows;

  /** Hashes of relative numbers and flags: the same for the same segment under any ISN. */
  final long[] keys;

  /** Acknowledged positions, counted without wrapping. */
  final long[] acknowledged;

  private final Numbers numbers;
  private int size;

  ControlSegments(Passage passage, CapturePoint point, Flow flow, CaptureDuplicates duplicates) {
    table = flow.table();
    numbers = new Numbers(passage, point, table);
    int most = flow.segments() - flow.dataSegments();
    rows = new int[most];
    keys = new long[most];
    acknowledged = new long[most];
    long highest = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) == 0 && !duplicates.contains(row)) {
        rows[size] = row;
        keys[size] = numbers.hash(row);
        acknowledged[size] = acknowledged(row, highest);
        highest = Math.max(highest, acknowledged[size]);
        size++;
      }
    }
  }

  /**
   * Whether a passage has the same segments without data in the same order at both points, as
   * nearly all have; it costs no memory to see that.
   */
  static boolean areAlike(
      Passage passage, CaptureDuplicates nearDuplicates, CaptureDuplicates farDuplicates) {
    Numbers near = new Numbers(passage, passage.nearPoint(), passage.near().table());
    Numbers far = new Numbers(passage, passage.farPoint(), passage.far().table());
    int sent = near.control(passage.near().firstRow(), nearDuplicates);
    int arrived = far.control(passage.far().firstRow(), farDuplicates);
    while (sent >= 0 && arrived >= 0 && near.areAlike(sent, far, arrived)) {
      sent = near.control(near.table.next(sent), nearDuplicates);
      arrived = far.control(far.table.next(arrived), farDuplicates);
    }
    return sent < 0 && arrived < 0;
  }

  /** The numbers of a direction's segments at one point, relative to the ISNs. */
  private record Numbers(SegmentTable table, int base, int ackBase) {
    Numbers(Passage passage, CapturePoint point, SegmentTable table) {
      this(
          table,
          passage.pair().base(point, passage.direction()),
          passage.pair().base(point, passage.direction().reverse()));
    }

    /** The first segment without data from a row on, -1 where there is none. */
    int control(int from, CaptureDuplicates duplicates) {
      int row = from;
      while (row >= 0 && (table.payloadBytes(row) > 0 || duplicates.contains(row))) {
        row = table.next(row);
      }
      return row;
    }

    boolean areAlike(int row, Numbers others, int other) {
      return flags(row) == others.flags(other)
          && sequence(row) == others.sequence(other)
          && acknowledgment(row) == others.acknowledgment(other);
    }

    private int flags(int row) {
      return table.flags(row) & KEY_FLAGS;
    }

    private int sequence(int row) {
      return table.sequence(row) - base;
    }

    private int acknowledgment(int row) {
      return (table.flags(row) & TcpFlags.ACK) == 0 ? 0 : table.acknowledgment(row) - ackBase;
    }

    /** Equal for the same segment under any ISN. */
    long hash(int row) {
      long mixed = sequence(row) * 0x9e3779b97f4a7c15L + acknowledgment(row);
      mixed = (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L + flags(row);
      mixed *= 0x94d049bb133111ebL;
      return mixed ^ (mixed >>> 32);
    }
  }

  int size() {
    return size;
  }

  /** The raw number of the sender's byte that counts as 0. */
  int base() {
    return numbers.base();
  }

  /** The raw number of the other end's byte that counts as 0. */
  int ackBase() {
    return numbers.ackBase();
  }

  /** The position that a segment acknowledges, -1 where it acknowledges nothing. */
  long acknowledged(int row, long reference) {
    return (table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK
        ? SequenceNumber.unwrap(table.acknowledgment(row) - numbers.ackBase(), reference)
        : -1;
  }

  long nanos(int index) {
    return table.timeNanos(rows[index]);
  }

  boolean isReset(int index) {
    return (table.flags(rows[index]) & TcpFlags.RST) != 0;
  }

  /** Whether no neighbour in time has the same numbers, as duplicate ACKs have. */
  boolean isUnique(int index) {
    return (index == 0 || keys[index - 1] != keys[index])
        && (index + 1 == size || keys[index + 1] != keys[index]);
  }

  /** Indexes in the order of identity, and of the capture where that is equal. */
  Integer[] order(boolean ipIds, boolean timestamps) {
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> compare(a, this, b, ipIds, timestamps)); // A stable sort.
    return order;
  }

  /** Compares what identifies two segments. */
  int compare(int index, ControlSegments other, int otherIndex, boolean ipIds, boolean timestamps) {
    int byKey = Long.compare(keys[index], other.keys[otherIndex]);
    int row = rows[index];
    int otherRow = other.rows[otherIndex];
    if (byKey == 0 && ipIds) {
      byKey = Integer.compare(table.ipId(row), other.table.ipId(otherRow));
    }
    if (byKey == 0 && timestamps) {
      byKey = Integer.compare(table.timestamp(row), other.table.timestamp(otherRow));
    }
    return byKey;
  }
}
