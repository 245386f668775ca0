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
 * @param largestBytes the largest segment that arrives, on any connection between the hosts where
 *     it is repeated; 0 where only segments without data do
 * @param firstRow the first transmission, or the first segment after the hole
 * @param lastRow the last transmission, or the last segment after the hole
 * @param copies transmissions of the segment, or acknowledgments that ask for the hole
 * @param nanos how long this lasts
 * @param laterArrives whether data that was sent after the lost one surely arrives
 * @param other what arrives on another connection between the same hosts; empty for none
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
    boolean laterArrives,
    Optional<Other> other) {
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

  /** So long a sender may keep what it learned of a path (RFC 1191, section 6.3: 10 minutes). */
  private static final long SAME_PATH_NANOS = 600_000_000_000L;

  /**
   * Data of another connection between the same hosts that arrives.
   *
   * @param arrived its last data segment that is acknowledged
   * @param isAfter whether it was sent after the lost one was first sent
   */
  public record Other(SizesBetweenHosts.Arrived arrived, boolean isAfter) {}

  /**
   * A segment that the sender repeats in vain, although it is alive and smaller ones arrive, on the
   * same connection or another one between the same hosts.
   */
  static Optional<LargeLost> repeated(
      Connection seen, int id, Ending.Stalled stalled, SizesBetweenHosts.Sizes between) {
    Direction direction = stalled.direction();
    Flow sender = seen.flow(direction);
    Flow receiver = seen.flow(direction.reverse());
    SegmentTable table = sender.table();
    if (stalled.repeated() != Ending.Repeated.DATA
        || stalled.idleNanos() >= IDLE_NANOS
        || receiver.acknowledged().isEmpty()
        || !table.dontFragment(stalled.firstRow())) {
      return Optional.empty();
    }
    long firstNanos = table.timeNanos(stalled.firstRow());
    Optional<Other> other =
        between
            .other(id)
            .map(one -> new Other(one, table.timeNanos(one.row()) > firstNanos))
            .filter(one -> firstNanos - table.timeNanos(one.arrived().row()) <= SAME_PATH_NANOS);
    WireSizes sizes = new WireSizes(seen, direction);
    int lost = sizes.payloadBytes(stalled.firstRow());
    int largest = 0;
    boolean later = false;
    for (int row = sender.firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) > 0 && arrives(table, row, receiver)) {
        largest = Math.max(largest, sizes.payloadBytes(row));
        later |= isSacked(receiver, table.sequence(row), end(table, row));
      }
    }
    boolean isAlive = receiver.dataSegments() > 0 || other.isPresent();
    int largestBetween = Math.max(largest, between.largestBytes());
    return isAlive
            && SizeLimit.canBeTooBig(seen, lost, largestBetween)
            && lost > largestBetween
            && !between.isSmallerStuck(id, largestBetween, firstNanos)
        ? Optional.of(
            new LargeLost(
                direction,
                /* isHole= */ false,
                lost,
                largestBetween,
                stalled.firstRow(),
                stalled.lastRow(),
                stalled.transmissions(),
                table.timeNanos(stalled.lastRow()) - firstNanos,
                later || other.filter(Other::isAfter).isPresent(),
                other))
        : Optional.empty();
  }

  /** Whether the data of a segment is acknowledged, or in the receiver's first SACK blocks. */
  static boolean arrives(SegmentTable table, int row, Flow receiver) {
    int end = end(table, row);
    return receiver.hasAcknowledged(end) || isSacked(receiver, table.sequence(row), end);
  }

  private static int end(SegmentTable table, int row) {
    return table.sequence(row) + table.payloadBytes(row);
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
              && SizeLimit.canBeTooBig(seen, Math.min(bytes, limit), largest)
          ? Optional.of(
              new LargeLost(
                  direction,
                  /* isHole= */ true,
                  bytes,
                  largest,
                  first,
                  last,
                  asked,
                  nanos,
                  true,
                  Optional.empty()))
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
