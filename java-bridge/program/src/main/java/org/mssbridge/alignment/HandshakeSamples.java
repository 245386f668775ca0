package org.mssbridge.alignment;

import java.util.Arrays;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
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

  /** Where a direction is asked for, the segments of both are compared, once. */
  private SameSegments clientToServer;

  private SameSegments serverToClient;
  private boolean isForwarded;

  /** The rows of segments with the same content, unique at each point. */
  @SuppressWarnings("ArrayRecordComponent") // Columns of primitives that stay in here.
  private record SameSegments(SegmentTable near, int[] sent, SegmentTable far, int[] arrived) {
    boolean haveIpIds(int number) {
      return near.ipId(sent[number]) > 0 && far.ipId(arrived[number]) > 0;
    }

    boolean keepIpId(int number) {
      return near.ipId(sent[number]) == far.ipId(arrived[number]);
    }

    boolean keepNumbers(int number) {
      int from = sent[number];
      int to = arrived[number];
      return near.sequence(from) == far.sequence(to)
          && (near.flags(from) & TcpFlags.ACK) != 0
          && near.acknowledgment(from) == far.acknowledgment(to);
    }
  }

  HandshakeSamples(PairedConnection pair) {
    this.pair = pair;
  }

  void addTo(DelaySamples samples, Direction direction) {
    if (!pair.isTimed()) {
      return;
    }
    if (clientToServer == null) {
      clientToServer = same(Direction.C2S);
      serverToClient = same(Direction.S2C);
      isForwarded = keepsIpIds(clientToServer, serverToClient);
    }
    SameSegments same = direction == Direction.C2S ? clientToServer : serverToClient;
    for (int i = 0; i < same.sent().length; i++) {
      if (same.haveIpIds(i) ? same.keepIpId(i) : isForwarded || same.keepNumbers(i)) {
        long time = same.near().timeNanos(same.sent()[i]);
        samples.add(Long.MAX_VALUE, time, same.far().timeNanos(same.arrived()[i]) - time);
      }
    }
  }

  private SameSegments same(Direction way) {
    int[] nearRows = new int[maxRows(pair.nearFlow(way))];
    int[] farRows = new int[maxRows(pair.farFlow(way))];
    long[] near = keys(way, pair.nearFlow(way), pair.nearPoint(way), nearRows);
    long[] far = keys(way, pair.farFlow(way), pair.farPoint(way), farRows);
    LongList sent = new LongList();
    LongList arrived = new LongList();
    SingleMarks.forEach(
        near,
        far,
        ~INDEX_MASK,
        (sentKey, arrivedKey) -> {
          sent.add(nearRows[(int) sentKey & INDEX_MASK]);
          arrived.add(farRows[(int) arrivedKey & INDEX_MASK]);
        });
    return new SameSegments(
        pair.nearFlow(way).table(),
        sent.toIntArray(),
        pair.farFlow(way).table(),
        arrived.toIntArray());
  }

  private static int maxRows(Flow flow) {
    return Math.min(MAX_SEGMENTS, flow.segments());
  }

  /**
   * Whether all segments of this connection that have an IP ID keep it: then all of them were
   * forwarded.
   */
  private static boolean keepsIpIds(SameSegments... ofBothWays) {
    boolean isAnyKept = false;
    for (SameSegments same : ofBothWays) {
      for (int i = 0; i < same.sent().length; i++) {
        if (same.haveIpIds(i)) {
          if (!same.keepIpId(i)) {
            return false;
          }
          isAnyKept = true;
        }
      }
    }
    return isAnyKept;
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
