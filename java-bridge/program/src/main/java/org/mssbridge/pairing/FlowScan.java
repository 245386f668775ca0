package org.mssbridge.pairing;

import java.util.OptionalInt;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.TcpFlags;

/**
 * One pass over a direction of a connection, for the values that survive devices that rewrite
 * headers and cut segments differently. Positions are counted from the ISN; without it, no size is
 * known.
 */
final class FlowScan {
  /** Sums are kept modulo 65535, as the Internet checksum is (RFC 1071). */
  private static final int ONES = 0xffff;

  private static final int MIN_SUMMED_BYTES = 16;
  private static final int MIN_DIGEST_BYTES = 64;

  /** Times of the earliest and the latest segment; the extremes of long where there is none. */
  long earliestNanos = Long.MAX_VALUE;

  long latestNanos = Long.MIN_VALUE;

  /** The last SYN or SYN/ACK, the first segment of data and the first FIN; -1 where unseen. */
  int synRow = -1;

  int dataRow = -1;
  int finRow = -1;

  /**
   * Whether the first data seen is the start of the stream, and as long as the range of a digest.
   */
  boolean startsWhole;

  /**
   * Number of bytes up to the FIN and up to the peer's first response, -1 where unknown; likewise
   * the sums.
   */
  long totalBytes = -1;

  long firstBytes = -1;
  int totalSum = -1;
  int firstSum = -1;

  /** The two lowest hashes of data segments, by their sums and by their TSvals; 0 for none. */
  final long[] segmentSums = new long[2];

  final long[] timestamps = new long[2];

  private final Flow flow;
  private final SegmentTable table;
  private long expected = 1;
  private long sum;
  private boolean summed = true;

  private FlowScan(Flow flow) {
    this.flow = flow;
    this.table = flow.table();
  }

  static FlowScan of(Flow flow, Flow peer) {
    FlowScan scan = new FlowScan(flow);
    OptionalInt isn = flow.isn();
    if (isn.isPresent()) {
      scan.firstBytes = acknowledgedByFirstData(peer, isn.getAsInt());
    }
    scan.walk(isn);
    return scan;
  }

  private static long acknowledgedByFirstData(Flow peer, int isn) {
    SegmentTable table = peer.table();
    for (int row = peer.firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) > 0 && (table.flags(row) & TcpFlags.SYN) == 0) {
        int bytes = table.acknowledgment(row) - isn - 1;
        return (table.flags(row) & TcpFlags.ACK) != 0 && bytes > 0 ? bytes : -1;
      }
    }
    return -1;
  }

  private void walk(OptionalInt isn) {
    long reference = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      long nanos = table.timeNanos(row);
      earliestNanos = Math.min(earliestNanos, nanos);
      latestNanos = Math.max(latestNanos, nanos);
      int flags = table.flags(row);
      int bytes = table.payloadBytes(row);
      boolean syn = (flags & TcpFlags.SYN) != 0;
      long position = 0;
      if (isn.isPresent()) {
        position = table.position(row, isn.getAsInt(), reference) + (syn ? 1 : 0);
        reference = Math.max(reference, position);
      }
      if (syn) {
        synRow = row;
      }
      if (bytes > 0) {
        data(row, position, bytes, isn.isPresent());
      }
      if ((flags & TcpFlags.FIN) != 0 && finRow < 0) {
        finRow = row;
        totalBytes = isn.isPresent() && position > 0 ? position + bytes - 1 : -1;
      }
    }
    totalSum = summed && totalBytes > 0 && expected == totalBytes + 1 ? fold(sum) : -1;
  }

  private void data(int row, long position, int bytes, boolean positioned) {
    int own = table.payloadSum(row);
    if (dataRow < 0) {
      dataRow = row;
      startsWhole = positioned && position == 1 && bytes >= MIN_DIGEST_BYTES;
    }
    if (own >= 0 && bytes >= MIN_SUMMED_BYTES) {
      keepLeast(segmentSums, Hash.of(bytes, own));
    }
    if (table.hasTimestamp(row)) {
      keepLeast(timestamps, Hash.of(table.timestamp(row)));
    }
    if (!positioned || position + bytes <= expected) {
      return;
    }
    summed &= own >= 0 && position == expected;
    if (summed) {
      // RFC 1071, section 2(B): a piece at an odd position adds its sum with the bytes swapped.
      sum += (position & 1) == 1 ? own : (own << 8);
      expected = position + bytes;
      if (expected == firstBytes + 1) {
        firstSum = fold(sum);
      }
    }
  }

  private static int fold(long sum) {
    return (int) (sum % ONES);
  }

  private static void keepLeast(long[] least, long hash) {
    if (hash == least[0] || hash == least[1]) {
      return;
    }
    if (least[0] == 0 || hash < least[0]) {
      least[1] = least[0];
      least[0] = hash;
    } else if (least[1] == 0 || hash < least[1]) {
      least[1] = hash;
    }
  }
}
