package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/**
 * A transfer that its receiver's window limits (RFC 9293, section 3.8.6): again and again the
 * sender has as much on its way as the window takes, stops, and goes on as soon as an
 * acknowledgment moves the window. What its congestion window, its application or a lost segment
 * holds back stops earlier or later. Where a slow link or a queue takes most of the round trip,
 * that limits it, and a larger window would only fill the queue.
 *
 * @param windowBytes the largest window
 * @param heldNanos how long the window held the sender back, in all
 * @param busyNanos how long any data was on its way
 * @param bytes how many were acknowledged in that time
 * @param isUnscaled whether the window is about as large as one can be without the window scale
 *     option, which not both ends sent
 * @param frame the first segment that filled the window
 * @param lastFrame the last one
 */
public record WindowLimit(
    long windowBytes,
    long heldNanos,
    long busyNanos,
    long bytes,
    boolean isUnscaled,
    int frame,
    int lastFrame) {
  /** Shorter waits cost little. */
  private static final long LEAST_NANOS = 1_000_000_000L;

  /**
   * Of the time in which data is on its way, in percent; and of what the window lets through at the
   * least round trip.
   */
  private static final int LEAST_PERCENT = 50;

  private static final int LEAST_SEGMENTS = 10;

  /** Where so many percent are sent again, losses hold it back too. */
  private static final int MOST_REPEATED_PERCENT = 1;

  /** The largest window that is not scaled (RFC 9293, section 3.1: a field of 16 bits). */
  private static final int UNSCALED_BYTES = 65_535;

  /** In percent of the largest: a window that is smaller is so because its reader is slow. */
  private static final int OPEN_PERCENT = 75;

  /**
   * Looks at a direction.
   *
   * @param seen the connection at the point nearest the sender
   * @return empty where something else limits it, or where that is not known
   */
  public static Optional<WindowLimit> of(Connection seen, Direction direction) {
    Flow sender = seen.flow(direction);
    Flow receiver = seen.flow(direction.reverse());
    SegmentTable table = sender.table();
    if (sender.dataSegments() < LEAST_SEGMENTS
        || receiver.closedWindows() > 0
        || !table.isTimed()
        || table.timeNanos(sender.lastRow()) - table.timeNanos(sender.firstRow()) < LEAST_NANOS
        || 100L * sender.repeatedSegments()
            > (long) MOST_REPEATED_PERCENT * sender.dataSegments()) {
      return Optional.empty();
    }
    int scale = WindowScale.of(sender, receiver);
    return scale < 0 ? Optional.empty() : new Walk(sender, receiver, scale).find();
  }

  private static final class Walk {
    private final SegmentTable table;
    private final Flow sender;
    private final Flow receiver;
    private final int scale;
    private final int base;

    /** Positions from the ISN. */
    private long end = 1;

    private long acknowledged = 1;
    private long window;
    private long largestWindow;
    private int largestBytes;

    /** The segment that filled the window, -1 while there is room. */
    private int fullRow = -1;

    /** The acknowledgment that made room again, until the sender goes on; -1 for none. */
    private int roomRow = -1;

    /** Where what the window was filled with ends, and when it was sent; 0 for none. */
    private long askedEnd;

    private long askedNanos;
    private long leastRoundTripNanos = Long.MAX_VALUE;
    private long held;
    private long busy;
    private int firstRow = -1;
    private int lastRow = -1;

    Walk(Flow sender, Flow receiver, int scale) {
      this.table = sender.table();
      this.sender = sender;
      this.receiver = receiver;
      this.scale = scale;
      this.base = sender.isn().orElseThrow();
      for (int row = receiver.firstRow(); row >= 0; row = table.next(row)) {
        largestWindow = Math.max(largestWindow, window(row));
      }
    }

    /** The window of a SYN is not scaled (RFC 7323, section 2.2). */
    private long window(int row) {
      boolean isSyn = (table.flags(row) & TcpFlags.SYN) != 0;
      return (long) table.window(row) << (isSyn ? 0 : scale);
    }

    Optional<WindowLimit> find() {
      int sentRow = sender.firstRow();
      int answerRow = receiver.firstRow();
      long last = 0;
      while (sentRow >= 0 || answerRow >= 0) {
        boolean isSent = answerRow < 0 || (sentRow >= 0 && sentRow < answerRow);
        int row = isSent ? sentRow : answerRow;
        busy += end > acknowledged ? table.timeNanos(row) - last : 0;
        last = table.timeNanos(row);
        if ((table.flags(row) & TcpFlags.RST) != 0) {
          break;
        }
        if (isSent) {
          send(row);
          sentRow = table.next(row);
        } else {
          answer(row);
          answerRow = table.next(row);
        }
      }
      return limit();
    }

    private void send(int row) {
      int bytes = table.payloadBytes(row);
      long after = table.position(row, base, end) + bytes;
      if (bytes == 0 || after <= end) {
        return;
      }
      end = after;
      largestBytes = Math.max(largestBytes, bytes);
      if (roomRow >= 0) {
        add(row);
      }
      boolean isFull = end - acknowledged + largestBytes > window;
      fullRow = isFull && window * 100 >= largestWindow * OPEN_PERCENT ? row : -1;
      roomRow = -1;
      if (fullRow >= 0 && askedEnd == 0) {
        askedEnd = end;
        askedNanos = table.timeNanos(row);
      }
    }

    private void answer(int row) {
      if ((table.flags(row) & TcpFlags.ACK) == 0) {
        return;
      }
      if (table.payloadBytes(row) > 0) {
        fullRow = -1; // What is sent next may answer this: nothing shows that it was ready before.
      }
      long number = SequenceNumber.unwrap(table.acknowledgment(row) - base, acknowledged);
      if (leastRoundTripNanos == Long.MAX_VALUE) {
        leastRoundTripNanos = table.timeNanos(row) - table.timeNanos(sender.firstRow());
      }
      if (askedEnd > 0 && number >= askedEnd) {
        leastRoundTripNanos = Math.min(leastRoundTripNanos, table.timeNanos(row) - askedNanos);
        askedEnd = 0;
      }
      if (number >= acknowledged) {
        acknowledged = number;
        window = window(row);
        boolean hasRoom = end - acknowledged + largestBytes <= window;
        if (fullRow >= 0 && roomRow < 0 && hasRoom) {
          roomRow = row;
        }
      }
    }

    /** It waited for room only if it then went on sooner than it had waited. */
    private void add(int row) {
      long waited = table.timeNanos(roomRow) - table.timeNanos(fullRow);
      if (waited > 0 && table.timeNanos(row) - table.timeNanos(roomRow) < waited) {
        held += waited;
        firstRow = firstRow < 0 ? fullRow : firstRow;
        lastRow = fullRow;
      }
    }

    private Optional<WindowLimit> limit() {
      long bytes = Math.min(acknowledged, end) - 1;
      return held >= LEAST_NANOS
              && busy > 0 // Captures may claim any time.
              && 100.0 * held >= (double) LEAST_PERCENT * busy
              && 100.0 * bytes * leastRoundTripNanos
                  >= (double) LEAST_PERCENT * largestWindow * busy
          ? Optional.of(
              new WindowLimit(
                  largestWindow,
                  held,
                  busy,
                  bytes,
                  isUnscaled(),
                  table.frame(firstRow),
                  table.frame(lastRow)))
          : Optional.empty();
    }

    private boolean isUnscaled() {
      return 100 * largestWindow >= (long) OPEN_PERCENT * UNSCALED_BYTES
          && !(WindowScale.hasOption(sender) && WindowScale.hasOption(receiver));
    }
  }
}
