package org.mssbridge.match;

import java.util.Arrays;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Times of segments without data at both points: SYN, SYN/ACK and ACKs. Only those that are surely
 * the same segment, since a proxy sends such segments of its own: what they say comes once at each
 * point, and they keep the IP ID or both raw numbers. The same TSval is no proof: a proxy on one
 * host with an end draws it from the same clock.
 */
final class HandshakeSamples {
  private static final int MOST_SEGMENTS = 256;
  private static final int INDEX_MASK = MOST_SEGMENTS - 1;
  private static final int MEANINGFUL_FLAGS = TcpFlags.SYN | TcpFlags.ACK | TcpFlags.FIN;

  private final PairedConnection pair;
  private final Direction direction;

  HandshakeSamples(PairedConnection pair, Direction direction) {
    this.pair = pair;
    this.direction = direction;
  }

  void addTo(DelaySamples samples) {
    Flow nearFlow = pair.nearFlow(direction);
    Flow farFlow = pair.farFlow(direction);
    int[] nearRows = new int[MOST_SEGMENTS];
    int[] farRows = new int[MOST_SEGMENTS];
    long[] near = keys(nearFlow, pair.nearPoint(direction), nearRows);
    long[] far = keys(farFlow, pair.farPoint(direction), farRows);
    int j = 0;
    for (int i = 0; i < near.length; i++) {
      long key = near[i] & ~INDEX_MASK;
      while (j < far.length && (far[j] & ~INDEX_MASK) < key) {
        j++;
      }
      if (j < far.length && isSingle(near, i) && isSingle(far, j)) {
        int sent = nearRows[(int) near[i] & INDEX_MASK];
        int arrived = farRows[(int) far[j] & INDEX_MASK];
        if ((far[j] & ~INDEX_MASK) == key && isSame(sent, arrived)) {
          long time = nearFlow.table().timeNanos(sent);
          samples.add(Long.MAX_VALUE, time, farFlow.table().timeNanos(arrived) - time);
        }
      }
    }
  }

  private boolean isSame(int sent, int arrived) {
    SegmentTable a = pair.nearFlow(direction).table();
    SegmentTable b = pair.farFlow(direction).table();
    if (a.ipId(sent) > 0 && b.ipId(arrived) > 0) {
      return a.ipId(sent) == b.ipId(arrived);
    }
    return a.sequence(sent) == b.sequence(arrived)
        && (a.flags(sent) & TcpFlags.ACK) != 0
        && a.acknowledgment(sent) == b.acknowledgment(arrived);
  }

  private static boolean isSingle(long[] sorted, int i) {
    long key = sorted[i] & ~INDEX_MASK;
    return (i == 0 || (sorted[i - 1] & ~INDEX_MASK) != key)
        && (i + 1 == sorted.length || (sorted[i + 1] & ~INDEX_MASK) != key);
  }

  /** What segments say, whatever their ISNs are; the lowest bits are indexes into the rows. */
  private long[] keys(Flow flow, CapturePoint point, int[] rows) {
    SegmentTable table = flow.table();
    int base = pair.base(point, direction);
    int ackBase = pair.base(point, direction.reverse());
    CaptureDuplicates duplicates = pair.duplicates(point);
    long[] keys = new long[MOST_SEGMENTS];
    int size = 0;
    for (int row = flow.firstRow(); row >= 0 && size < keys.length; row = table.next(row)) {
      int flags = table.flags(row);
      if (table.payloadBytes(row) == 0
          && (flags & TcpFlags.RST) == 0
          && !duplicates.contains(row)) {
        long acknowledged = (flags & TcpFlags.ACK) == 0 ? 0 : table.acknowledgment(row) - ackBase;
        long mixed = (table.sequence(row) - base) * 0x9e3779b97f4a7c15L + acknowledged;
        mixed = (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L + (flags & MEANINGFUL_FLAGS);
        mixed = (mixed + ((long) table.window(row) << 16)) * 0x94d049bb133111ebL;
        rows[size] = row;
        keys[size] = ((mixed ^ (mixed >>> 32)) & ~INDEX_MASK) | size;
        size++;
      }
    }
    long[] sorted = Arrays.copyOf(keys, size);
    Arrays.sort(sorted);
    return sorted;
  }
}
