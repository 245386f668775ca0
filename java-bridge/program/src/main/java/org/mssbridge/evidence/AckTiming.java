package org.mssbridge.evidence;

import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/**
 * How soon the sender's data is acknowledged. An ACK from the receiver takes at least one round
 * trip; a device on the path that acknowledges by itself is faster. Both times come from one clock,
 * so clock offsets do not matter.
 *
 * @param examined data segments with new data whose acknowledgment was seen at the same point
 * @param early those acknowledged clearly sooner than one round trip to the other point
 */
record AckTiming(int examined, int early) {
  /** Below this share of the round trip an acknowledgment counts as early. */
  private static final double EARLY_SHARE = 0.75;

  private static final int MAX_SEGMENTS = 4096;

  /**
   * The timing of one direction of data, at the point nearer its sender.
   *
   * @param roundTripNanos the minimum round trip from that point to the other one
   */
  static AckTiming of(PairedConnection pair, Direction direction, long roundTripNanos) {
    Flow data = pair.nearFlow(direction);
    Flow acks = pair.near(direction).flow(direction.reverse());
    int base = pair.base(pair.nearPoint(direction), direction);
    Acknowledged acknowledged = new Acknowledged(acks, base);
    SegmentTable table = data.table();
    long sent = 0;
    int examined = 0;
    int early = 0;
    long limitNanos = Math.round(roundTripNanos * EARLY_SHARE);
    for (int row = data.firstRow(); row >= 0 && examined < MAX_SEGMENTS; row = table.next(row)) {
      long start = table.position(row, base, sent);
      long end = start + table.payloadBytes(row);
      boolean isNew = start >= sent;
      sent = Math.max(sent, end);
      if (table.payloadBytes(row) > 0 && isNew) {
        long nanos = acknowledged.firstAt(end, table.timeNanos(row)) - table.timeNanos(row);
        if (nanos >= 0) {
          examined++;
          early += nanos + 2 * resolutionNanos(table.timeNanos(row), nanos) < limitNanos ? 1 : 0;
        }
      }
    }
    return new AckTiming(examined, early);
  }

  AckTiming plus(AckTiming other) {
    return new AckTiming(examined + other.examined, early + other.early);
  }

  /** The largest power of ten, from 1 µs to 10 ms, that divides both times. */
  private static long resolutionNanos(long timeNanos, long spanNanos) {
    long resolution = 1_000;
    while (resolution < 10_000_000
        && timeNanos % (resolution * 10) == 0
        && spanNanos % (resolution * 10) == 0) {
      resolution *= 10;
    }
    return resolution;
  }

  /**
   * Walks through the acknowledgments of a direction. Positions must be requested in ascending
   * order.
   */
  private static final class Acknowledged {
    private final SegmentTable table;
    private final int base;
    private int row;
    private long highest;

    Acknowledged(Flow acks, int base) {
      this.table = acks.table();
      this.base = base;
      this.row = acks.firstRow();
    }

    /**
     * The time at which a position was first acknowledged; earlier than {@code sentNanos} where it
     * never was.
     */
    long firstAt(long position, long sentNanos) {
      while (row >= 0) {
        if ((table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK) {
          highest =
              Math.max(highest, SequenceNumber.unwrap(table.acknowledgment(row) - base, highest));
        }
        if (highest >= position) {
          return table.timeNanos(row);
        }
        row = table.next(row);
      }
      return sentNanos - 1;
    }
  }
}
