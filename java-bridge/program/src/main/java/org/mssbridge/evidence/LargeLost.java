package org.mssbridge.evidence;

import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Large data of a direction that gets lost while smaller segments arrive, as one capture shows it.
 * On the sender's side of the loss the capture holds the segment again and again; on the receiver's
 * side it holds a hole that is never filled.
 *
 * @param direction the direction of the data
 * @param isHole whether the capture is on the receiver's side of the loss
 * @param lostBytes data of the segment that is lost, or the size of the hole
 * @param largestBytes the largest segment that arrives, 0 where only segments without data do
 * @param firstRow the first transmission, or the first segment after the hole
 * @param lastRow the last transmission, or the last segment after the hole
 * @param copies transmissions of the segment, or acknowledgments that ask for the hole
 * @param nanos how long this lasts
 * @param laterArrives whether data that was sent after the lost one surely arrives
 */
public record LargeLost(
    Direction direction,
    boolean isHole,
    int lostBytes,
    int largestBytes,
    int firstRow,
    int lastRow,
    int copies,
    long nanos,
    boolean laterArrives) {
  /**
   * Repetitions fill a hole sooner, unless two of them are lost as well: they come after 1 and 3 s
   * at the latest (RFC 6298, sections 2.4 and 5.5, for round trips of less than a second).
   */
  private static final long LEAST_NANOS = 3_000_000_000L;

  /**
   * After so long a silence a device that forgot the connection is likelier: the shortest timeout
   * that a common one can be set to (AWS Network Load Balancer, 60 s; Azure's default is 4
   * minutes).
   */
  private static final long IDLE_NANOS = 60_000_000_000L;

  /** A segment that the sender repeats in vain, although it is alive and smaller ones arrive. */
  public static Optional<LargeLost> repeated(Connection seen, Ending.Stalled stalled) {
    Direction direction = stalled.direction();
    Flow sender = seen.flow(direction);
    Flow receiver = seen.flow(direction.reverse());
    SegmentTable table = sender.table();
    OptionalInt acknowledged = receiver.acknowledged();
    if (stalled.repeated() != Ending.Repeated.DATA
        || stalled.idleNanos() >= IDLE_NANOS
        || acknowledged.isEmpty()
        || !table.dontFragment(stalled.firstRow())
        || receiver.dataSegments() == 0) {
      return Optional.empty();
    }
    WireSizes sizes = new WireSizes(seen, direction);
    int lost = sizes.payloadBytes(stalled.firstRow());
    int largest = 0;
    boolean later = false;
    for (int row = sender.firstRow(); row >= 0; row = table.next(row)) {
      int end = table.sequence(row) + table.payloadBytes(row);
      boolean sacked = isSacked(receiver, table.sequence(row), end);
      if (table.payloadBytes(row) > 0 && (end - acknowledged.getAsInt() <= 0 || sacked)) {
        largest = Math.max(largest, sizes.payloadBytes(row));
        later |= sacked;
      }
    }
    return SizeLimit.canBeTooBig(seen, lost) && lost > largest
        ? Optional.of(
            new LargeLost(
                direction,
                /* isHole= */ false,
                lost,
                largest,
                stalled.firstRow(),
                stalled.lastRow(),
                stalled.transmissions(),
                table.timeNanos(stalled.lastRow()) - table.timeNanos(stalled.firstRow()),
                later))
        : Optional.empty();
  }

  /** Whether the first segment of the receiver with SACK blocks has these bytes in one of them. */
  private static boolean isSacked(Flow receiver, int start, int end) {
    int row = receiver.firstSackRow();
    if (row < 0) {
      return false;
    }
    SegmentTable table = receiver.table();
    for (int entry = table.firstSack(row); table.isSackOf(entry, row); entry++) {
      if (start - table.sackLeft(entry) >= 0 && end - table.sackRight(entry) <= 0) {
        return true;
      }
    }
    return false;
  }

  /** A hole in what arrives that the receiver asks for and never gets. */
  public static Optional<LargeLost> hole(Connection seen, Direction direction) {
    Flow sender = seen.flow(direction);
    Flow receiver = seen.flow(direction.reverse());
    OptionalInt acknowledged = receiver.acknowledged();
    int last = sender.lastRow();
    if (acknowledged.isEmpty()
        || last < 0
        || seen.mssLimit(direction).isEmpty()
        || !sender.table().isTimed()
        || isComplete(sender, receiver, acknowledged.getAsInt())) {
      return Optional.empty();
    }
    return new Hole(seen, direction, acknowledged.getAsInt()).find();
  }

  /** As nearly all are: nothing that was seen is after what is acknowledged. */
  private static boolean isComplete(Flow sender, Flow receiver, int acknowledged) {
    return !sender.isOutstanding(receiver)
        && sender.table().sequence(sender.lastRow()) - acknowledged <= 0;
  }

  /** Looks for a hole that begins at what is acknowledged. */
  private static final class Hole {
    private final Connection seen;
    private final Direction direction;
    private final int acknowledged;
    private final SegmentTable table;
    private int largest;
    private int first = -1;
    private int last = -1;
    private int bytes = Integer.MAX_VALUE;

    Hole(Connection seen, Direction direction, int acknowledged) {
      this.seen = seen;
      this.direction = direction;
      this.acknowledged = acknowledged;
      this.table = seen.clientToServer().table();
    }

    Optional<LargeLost> find() {
      Flow sender = seen.flow(direction);
      for (int row = sender.firstRow(); row >= 0; row = table.next(row)) {
        int flags = table.flags(row);
        if ((flags & (TcpFlags.RST | TcpFlags.SYN)) != 0) {
          continue;
        }
        int length = table.payloadBytes(row) + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
        int start = table.sequence(row) - acknowledged;
        if (start <= 0 && start + length > 0) {
          return Optional.empty(); // It arrived here: it is lost after this capture, or not at all.
        }
        largest = Math.max(largest, table.payloadBytes(row));
        if (start > 0) {
          first = first < 0 ? row : first;
          last = row;
          bytes = Math.min(bytes, start);
        }
      }
      int limit = seen.mssLimit(direction).getAsInt();
      if (first < 0 || bytes <= largest || largest >= limit) {
        return Optional.empty();
      }
      int asked = asked();
      long nanos = table.timeNanos(lastOfBoth()) - table.timeNanos(first);
      return asked > 0
              && nanos >= LEAST_NANOS
              && SizeLimit.canBeTooBig(seen, Math.min(bytes, limit))
          ? Optional.of(
              new LargeLost(
                  direction, /* isHole= */ true, bytes, largest, first, last, asked, nanos, true))
          : Optional.empty();
    }

    /** How often the receiver asks for the hole: then the capture did not just miss it. */
    private int asked() {
      Flow receiver = seen.flow(direction.reverse());
      int asked = 0;
      for (int row = receiver.firstRow(); row >= 0; row = table.next(row)) {
        asked += row > first && table.acknowledgment(row) == acknowledged ? 1 : 0;
      }
      return asked;
    }

    private int lastOfBoth() {
      return Math.max(seen.clientToServer().lastRow(), seen.serverToClient().lastRow());
    }
  }
}
