package org.mssbridge.evidence;

import java.util.Arrays;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Whether what arrives at the far point is what left the near one: for each segment that arrived,
 * one with the same relative numbers, length and flags is looked up, and the two are compared in
 * what a device that passes packets on has no reason to touch.
 *
 * @param examined segments without data that arrived; those with data may be cut anew by offload
 * @param found how many of them have a counterpart
 * @param ipIdCompared counterparts, those with data included, with an IPv4 identification other
 *     than 0
 * @param ipIdSame those with the same one
 * @param timestampCompared counterparts with a TSval
 * @param timestampSame those with the same one
 * @param windowCompared counterparts, handshake aside
 * @param windowSame those with the same window field
 */
record SameSegments(
    int examined,
    int found,
    int ipIdCompared,
    int ipIdSame,
    int timestampCompared,
    int timestampSame,
    int windowCompared,
    int windowSame) {
  private static final int MOST = 1 << 12;
  private static final long INDEX_MASK = MOST - 1;

  static SameSegments of(PairedConnection pair) {
    return of(pair, Direction.C2S).plus(of(pair, Direction.S2C));
  }

  private static SameSegments of(PairedConnection pair, Direction direction) {
    Side near = new Side(pair, direction, true);
    Side far = new Side(pair, direction, false);
    SameSegments sum = new SameSegments(0, 0, 0, 0, 0, 0, 0, 0);
    for (int i = 0; i < far.size; i++) {
      int farRow = far.rows[far.index(i)];
      int nearRow = near.find(far.keys[i], far.table.ipId(farRow));
      boolean data = far.table.payloadBytes(farRow) > 0;
      if (nearRow >= 0) {
        sum = sum.plus(compare(near.table, nearRow, far.table, farRow, data ? 0 : 1));
      } else if (!data) {
        sum = sum.plus(new SameSegments(1, 0, 0, 0, 0, 0, 0, 0));
      }
    }
    return sum;
  }

  private static SameSegments compare(
      SegmentTable a, int rowA, SegmentTable b, int rowB, int examined) {
    boolean ipIds = a.ipId(rowA) > 0 && b.ipId(rowB) >= 0;
    boolean timestamps = a.hasTimestamp(rowA) && b.hasTimestamp(rowB);
    boolean windows = (a.flags(rowA) & TcpFlags.SYN) == 0;
    return new SameSegments(
        examined,
        examined,
        ipIds ? 1 : 0,
        ipIds && a.ipId(rowA) == b.ipId(rowB) ? 1 : 0,
        timestamps ? 1 : 0,
        timestamps && a.timestamp(rowA) == b.timestamp(rowB) ? 1 : 0,
        windows ? 1 : 0,
        windows && a.window(rowA) == b.window(rowB) ? 1 : 0);
  }

  private SameSegments plus(SameSegments other) {
    return new SameSegments(
        examined + other.examined,
        found + other.found,
        ipIdCompared + other.ipIdCompared,
        ipIdSame + other.ipIdSame,
        timestampCompared + other.timestampCompared,
        timestampSame + other.timestampSame,
        windowCompared + other.windowCompared,
        windowSame + other.windowSame);
  }

  /** The first segments of one direction at one point, without what offload may have changed. */
  private static final class Side {
    final SegmentTable table;
    final int[] rows;
    final long[] keys;
    int size;

    Side(PairedConnection pair, Direction direction, boolean near) {
      Flow flow = near ? pair.nearFlow(direction) : pair.farFlow(direction);
      var point = near ? pair.nearPoint(direction) : pair.farPoint(direction);
      table = flow.table();
      int base = pair.base(point, direction);
      int ackBase = pair.base(point, direction.reverse());
      rows = new int[Math.min(MOST, flow.segments())];
      keys = new long[rows.length];
      for (int row = flow.firstRow(); row >= 0 && size < rows.length; row = table.next(row)) {
        rows[size] = row;
        keys[size] = (key(row, base, ackBase) & ~INDEX_MASK) | size;
        size++;
      }
      Arrays.sort(keys);
    }

    /** Equal for segments that say the same, whatever their ISNs are. */
    private long key(int row, int base, int ackBase) {
      int flags = table.flags(row) & 0x3f;
      long acknowledged =
          (flags & TcpFlags.ACK) == 0 ? 0 : (table.acknowledgment(row) - ackBase) & 0xffff_ffffL;
      long position = (table.sequence(row) - base) & 0xffff_ffffL;
      long mixed = position * 0x9e3779b97f4a7c15L + acknowledged;
      mixed = (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed + table.payloadBytes(row) * 64L + flags) * 0x94d049bb133111ebL;
      return mixed ^ (mixed >>> 32);
    }

    int index(int i) {
      return (int) (keys[i] & INDEX_MASK);
    }

    /** The row of a segment with that key, the one with the same IP ID where there are several. */
    int find(long key, int ipId) {
      long wanted = key & ~INDEX_MASK;
      int at = Arrays.binarySearch(keys, wanted);
      int from = at < 0 ? -at - 1 : at;
      int found = -1;
      for (int i = from; i < size && (keys[i] & ~INDEX_MASK) == wanted; i++) {
        int row = rows[index(i)];
        if (found < 0 || table.ipId(row) == ipId) {
          found = row;
        }
      }
      return found;
    }
  }
}
