package org.mssbridge.evidence;

import java.util.Arrays;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * How many segments at the far point are those of the near point. Each arrived segment is matched
 * with one of the same relative numbers, length and flags; the two are then compared in fields that
 * a forwarding device has no reason to change.
 *
 * @param examined arrived segments without data; offload may have resized those with data
 * @param found those with a counterpart
 * @param ipIdCompared counterparts, including those with data, with an IPv4 ID other than 0
 * @param ipIdSame those with the same IP ID
 * @param timestampCompared counterparts with a TSval
 * @param timestampSame those with the same TSval
 * @param windowCompared counterparts other than SYN and SYN/ACK
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
  private static final int MAX_SEGMENTS = 1 << 12;
  private static final long INDEX_MASK = MAX_SEGMENTS - 1;

  /** So many alike ones are looked at. */
  private static final int MOST_ALIKE = 64;

  static SameSegments of(PairedConnection pair) {
    Count count = new Count();
    for (Direction direction : Direction.values()) {
      count.add(new Side(pair, direction, true), new Side(pair, direction, false));
    }
    return new SameSegments(
        count.examined,
        count.found,
        count.ipIdCompared,
        count.ipIdSame,
        count.timestampCompared,
        count.timestampSame,
        count.windowCompared,
        count.windowSame);
  }

  private static final class Count {
    private int examined;
    private int found;
    private int ipIdCompared;
    private int ipIdSame;
    private int timestampCompared;
    private int timestampSame;
    private int windowCompared;
    private int windowSame;

    void add(Side near, Side far) {
      for (int i = 0; i < far.size; i++) {
        int farRow = far.rows[far.index(i)];
        int nearRow = near.find(far.keys[i], far.table, farRow);
        int control = far.table.payloadBytes(farRow) > 0 ? 0 : 1;
        examined += control;
        if (nearRow >= 0) {
          found += control;
          compare(near.table, nearRow, far.table, farRow);
        }
      }
    }

    private void compare(SegmentTable a, int rowA, SegmentTable b, int rowB) {
      if (a.ipId(rowA) > 0 && b.ipId(rowB) >= 0) {
        ipIdCompared++;
        ipIdSame += a.ipId(rowA) == b.ipId(rowB) ? 1 : 0;
      }
      if (a.hasTimestamp(rowA) && b.hasTimestamp(rowB)) {
        timestampCompared++;
        timestampSame += a.timestamp(rowA) == b.timestamp(rowB) ? 1 : 0;
      }
      if ((a.flags(rowA) & TcpFlags.SYN) == 0) {
        windowCompared++;
        windowSame += a.window(rowA) == b.window(rowB) ? 1 : 0;
      }
    }
  }

  /** The first segments of one direction at one point, indexed by key. */
  private static final class Side {
    final SegmentTable table;
    final int[] rows;
    final long[] keys;

    /** Like {@link #keys}, of the key and the IP ID together. */
    private final long[] keysWithIpId;

    int size;

    Side(PairedConnection pair, Direction direction, boolean near) {
      Flow flow = near ? pair.nearFlow(direction) : pair.farFlow(direction);
      var point = near ? pair.nearPoint(direction) : pair.farPoint(direction);
      table = flow.table();
      int base = pair.base(point, direction);
      int ackBase = pair.base(point, direction.reverse());
      rows = new int[Math.min(MAX_SEGMENTS, flow.segments())];
      keys = new long[rows.length];
      keysWithIpId = new long[rows.length];
      for (int row = flow.firstRow(); row >= 0 && size < rows.length; row = table.next(row)) {
        rows[size] = row;
        keys[size] = (key(row, base, ackBase) & ~INDEX_MASK) | size;
        keysWithIpId[size] = withIpId(keys[size], table.ipId(row)) | size;
        size++;
      }
      Arrays.sort(keys);
      Arrays.sort(keysWithIpId);
    }

    /** A hash of relative numbers, length and flags: equal for the same segment under any ISN. */
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

    /**
     * The row of the segment with a key, -1 where there is none: of several, as where it was sent
     * again, that with the same IP ID, or else the same TSval.
     */
    int find(long key, SegmentTable other, int otherRow) {
      int ipId = other.ipId(otherRow);
      if (ipId > 0) {
        long wanted = withIpId(key, ipId);
        int last = after(keysWithIpId, wanted | INDEX_MASK) - 1;
        if (last >= 0 && (keysWithIpId[last] & ~INDEX_MASK) == wanted) {
          return rows[(int) (keysWithIpId[last] & INDEX_MASK)];
        }
      }
      int first = after(keys, (key & ~INDEX_MASK) - 1);
      for (int i = first; i < Math.min(size, first + MOST_ALIKE) && isOf(key, i); i++) {
        int row = rows[index(i)];
        if (table.hasTimestamp(row)
            && other.hasTimestamp(otherRow)
            && table.timestamp(row) == other.timestamp(otherRow)) {
          return row;
        }
      }
      return first < size && isOf(key, first) ? rows[index(first)] : -1;
    }

    private boolean isOf(long key, int i) {
      return (keys[i] & ~INDEX_MASK) == (key & ~INDEX_MASK);
    }

    private static long withIpId(long key, int ipId) {
      long mixed = ((key & ~INDEX_MASK) + ipId) * 0x9e3779b97f4a7c15L;
      return (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L & ~INDEX_MASK;
    }

    /** The index of the first key above a value. */
    private static int after(long[] sorted, long value) {
      int at = Arrays.binarySearch(sorted, value);
      return at < 0 ? -at - 1 : at + 1;
    }
  }
}
