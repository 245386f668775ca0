package org.mssbridge.alignment;

import java.util.Arrays;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Times of segments without data at both points: SYN, SYN/ACK and ACKs. A proxy sends such segments
 * of its own, so only those count that are certainly the same segment: their content is unique at
 * each point, and they keep their IP ID, or both raw numbers, or have no IP ID where the other
 * segments keep theirs. The same TSval is no proof: a proxy on the same host as an endpoint takes
 * it from the same clock.
 */
final class HandshakeSamples {
  private static final int MAX_SEGMENTS = 256;
  private static final int INDEX_MASK = MAX_SEGMENTS - 1;
  private static final int MEANINGFUL_FLAGS = TcpFlags.SYN | TcpFlags.ACK | TcpFlags.FIN;

  private final PairedConnection pair;
  private final Direction direction;

  HandshakeSamples(PairedConnection pair, Direction direction) {
    this.pair = pair;
    this.direction = direction;
  }

  void addTo(DelaySamples samples) {
    if (!pair.isTimed()) {
      return;
    }
    boolean forwarded = keepsIpIds();
    SegmentTable near = pair.nearFlow(direction).table();
    SegmentTable far = pair.farFlow(direction).table();
    forEach(
        direction,
        (sent, arrived) -> {
          if (isSame(near, sent, far, arrived, forwarded)) {
            long time = near.timeNanos(sent);
            samples.add(Long.MAX_VALUE, time, far.timeNanos(arrived) - time);
          }
        });
  }

  /** Receives two segments with the same content, unique at each point. */
  private interface SamePair {
    void accept(int sent, int arrived);
  }

  private void forEach(Direction way, SamePair samePair) {
    int[] nearRows = new int[maxRows(pair.nearFlow(way))];
    int[] farRows = new int[maxRows(pair.farFlow(way))];
    long[] near = keys(way, pair.nearFlow(way), pair.nearPoint(way), nearRows);
    long[] far = keys(way, pair.farFlow(way), pair.farPoint(way), farRows);
    SingleMarks.forEach(
        near,
        far,
        ~INDEX_MASK,
        (sent, arrived) ->
            samePair.accept(
                nearRows[(int) sent & INDEX_MASK], farRows[(int) arrived & INDEX_MASK]));
  }

  private static int maxRows(Flow flow) {
    return Math.min(MAX_SEGMENTS, flow.segments());
  }

  /**
   * Whether all segments of this connection that have an IP ID keep it: then all of them were
   * forwarded.
   */
  private boolean keepsIpIds() {
    int[] kept = new int[1];
    int[] changed = new int[1];
    for (Direction way : Direction.values()) {
      SegmentTable near = pair.nearFlow(way).table();
      SegmentTable far = pair.farFlow(way).table();
      forEach(
          way,
          (sent, arrived) -> {
            if (near.ipId(sent) > 0 && far.ipId(arrived) > 0) {
              (near.ipId(sent) == far.ipId(arrived) ? kept : changed)[0]++;
            }
          });
    }
    return kept[0] > 0 && changed[0] == 0;
  }

  private static boolean isSame(
      SegmentTable near, int sent, SegmentTable far, int arrived, boolean forwarded) {
    if (near.ipId(sent) > 0 && far.ipId(arrived) > 0) {
      return near.ipId(sent) == far.ipId(arrived);
    }
    return forwarded
        || (near.sequence(sent) == far.sequence(arrived)
            && (near.flags(sent) & TcpFlags.ACK) != 0
            && near.acknowledgment(sent) == far.acknowledgment(arrived));
  }

  /**
   * Hashes of the segments' content, independent of the ISNs; the lowest bits are indexes into the
   * rows.
   */
  private long[] keys(Direction way, Flow flow, CapturePoint point, int[] rows) {
    SegmentTable table = flow.table();
    int base = pair.base(point, way);
    int ackBase = pair.base(point, way.reverse());
    CaptureDuplicates duplicates = pair.duplicates(point);
    long[] keys = new long[rows.length];
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
