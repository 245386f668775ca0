package org.mssbridge.evidence;

import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/**
 * How soon data is acknowledged to its sender. What the receiver acknowledges cannot be back before
 * it has gone the whole way there and back; who answers on its own is sooner. Only times of one
 * clock are compared, so no offset between clocks matters.
 *
 * @param examined data segments, sent once, whose acknowledgment was seen at the same point
 * @param early those acknowledged clearly sooner than the way to the other point and back takes
 */
record AckTiming(int examined, int early) {
  /** As much of the way there and back counts as clearly sooner. */
  private static final double EARLY_SHARE = 0.75;

  private static final int MOST = 4096;

  /**
   * Looks at one direction of data at the point nearer its sender.
   *
   * @param roundTripNanos the least time from that point to the other one and back
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
    for (int row = data.firstRow(); row >= 0 && examined < MOST; row = table.next(row)) {
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

  /** The power of ten, from a microsecond to ten milliseconds, that both times are multiples of. */
  private static long resolutionNanos(long timeNanos, long spanNanos) {
    long resolution = 1_000;
    while (resolution < 10_000_000
        && timeNanos % (resolution * 10) == 0
        && spanNanos % (resolution * 10) == 0) {
      resolution *= 10;
    }
    return resolution;
  }

  /** Walks through the acknowledgments of a direction, which are asked for in rising order. */
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

    /** When a position was first acknowledged; below the time of sending where it never was. */
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
