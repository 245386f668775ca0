package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * How far the data of a stall got on its way to the receiver.
 *
 * @param place what the farthest point that says anything shows
 * @param near the last point that the data certainly passed
 * @param far the next point, {@code near} where there is none
 * @param arrived how many of the transmissions are at the farthest point that has any
 * @param isSpoilt whether all that arrived has a wrong checksum there, which the near point shows
 *     right
 * @param farLastNanos the last packet of the far capture, on its own clock, relative to when the
 *     first transmission should have arrived: negative where the capture ends before
 * @param largestCrossedBytes the largest segment of this direction that crossed the leg, 0 if none
 * @param dontFragment whether the repeated segment forbids fragmentation
 */
public record StallTrace(
    Place place,
    CapturePoint near,
    CapturePoint far,
    int arrived,
    boolean isSpoilt,
    long farLastNanos,
    int largestCrossedBytes,
    boolean dontFragment) {
  /** An acknowledgment comes within this time (RFC 9293, section 3.8.6.3). */
  private static final long LEAST_ANSWER_NANOS = 500_000_000;

  /** So many copies that the far capture surely lacks need no other capture. */
  private static final int MANY_LOST = 3;

  /** Delays vary: what is due may be there earlier by this. */
  private static final long EARLY_NANOS = 500_000_000;

  /** Where the data got to. */
  public enum Place {
    /** Past the last point that there is; nothing answers there. */
    UNANSWERED,
    /** At the far point, whose capture shows nothing after that. */
    ARRIVED,
    /** Acknowledged at the far point; the acknowledgment does not reach the near one. */
    ANSWER_LOST,
    /** Answered by a RST at the far point, which does not reach the near one. */
    RESET_LOST,
    /** It left the near point and is not at the far one, whose capture goes on. */
    LOST,
    /** Its first copy is not at the far point, whose capture cannot show the last one. */
    FIRST_LOST,
    /** It left the near point; the far capture cannot show whether it arrived. */
    UNKNOWN,
    /** A proxy is behind this point: the data goes no farther in this connection. */
    PROXY
  }

  /** Follows the stalled data of a life from the point nearest its sender. */
  public static StallTrace of(
      Evidence evidence, Life life, CapturePoint start, Ending.Stalled stalled) {
    Direction direction = stalled.direction();
    List<PairedConnection> pairs = new ArrayList<>(life.connection().pairs());
    if (direction == Direction.S2C) {
      Collections.reverse(pairs);
    }
    Flow sent = life.at(start).flow(direction);
    boolean dontFragment = sent.table().dontFragment(stalled.firstRow());
    int raw = base(sent) + (int) stalled.start();
    long dueNanos = sent.table().timeNanos(stalled.firstRow());
    StallTrace trace =
        new StallTrace(
            Place.UNANSWERED, start, start, stalled.transmissions(), false, 0, 0, dontFragment);
    for (PairedConnection pair : pairs) {
      if (evidence.middlebox(pair).endsConnections()) {
        return trace.at(Place.PROXY, pair, direction, trace.arrived, false, 0);
      }
      raw += pair.base(pair.farPoint(direction), direction) - pair.base(trace.far, direction);
      dueNanos += pair.delay(direction).typicalNanos();
      Sought sought = new Sought(stalled.repeated(), raw, dueNanos - EARLY_NANOS);
      int arrived = sought.arrivals(pair.farFlow(direction));
      if (arrived == 0) {
        return trace.missing(pair, stalled);
      }
      Place shown =
          sought
              .answer(pair.far(direction).flow(direction.reverse()))
              .orElse(showsAbsence(pair, direction, arrived) ? Place.UNANSWERED : Place.ARRIVED);
      boolean spoilt = trace.isSpoilt || sought.spoilt(evidence, pair, direction) >= arrived;
      trace = trace.at(shown, pair, direction, arrived, spoilt, 0);
      if (shown == Place.ANSWER_LOST || shown == Place.RESET_LOST) {
        return trace;
      }
    }
    return trace;
  }

  private StallTrace missing(PairedConnection pair, Ending.Stalled stalled) {
    Direction direction = stalled.direction();
    SegmentTable table = pair.nearFlow(direction).table();
    long typical = pair.delay(direction).typicalNanos();
    long endNanos = Reach.endNanos(pair.farCapture(direction));
    Sought sought =
        new Sought(
            stalled.repeated(),
            base(pair.nearFlow(direction)) + (int) stalled.start(),
            Long.MIN_VALUE);
    boolean first = pair.nearPoint(direction).equals(near) && far.equals(near);
    // At a later point the rows are others.
    int[] rows =
        first
            ? new int[] {stalled.firstRow(), stalled.lastRow()}
            : sought.firstAndLast(pair.nearFlow(direction));
    long firstDueNanos = typical + table.timeNanos(rows[0]);
    long lastDueNanos = typical + table.timeNanos(rows[1]);
    int covered = sought.sentBefore(pair.nearFlow(direction), endNanos - typical);
    Place shown =
        endNanos > lastDueNanos || covered >= MANY_LOST
            ? Place.LOST
            : endNanos > firstDueNanos ? Place.FIRST_LOST : Place.UNKNOWN;
    return at(shown, pair, direction, 0, false, endNanos - firstDueNanos);
  }

  /**
   * Whether an acknowledgment is missing at the far point, which goes on after the data arrived.
   */
  private static boolean showsAbsence(PairedConnection pair, Direction direction, int arrived) {
    long last = lastNanos(pair.farFlow(direction));
    return arrived > 1 || Reach.endNanos(pair.farCapture(direction)) - last >= LEAST_ANSWER_NANOS;
  }

  private static long lastNanos(Flow flow) {
    return flow.lastRow() < 0 ? 0 : flow.table().timeNanos(flow.lastRow());
  }

  private StallTrace at(
      Place newPlace,
      PairedConnection pair,
      Direction direction,
      int count,
      boolean spoilt,
      long behind) {
    return new StallTrace(
        newPlace,
        pair.nearPoint(direction),
        pair.farPoint(direction),
        count,
        spoilt,
        behind,
        SizeLimit.largestCrossedBytes(pair.alignment(direction)),
        dontFragment);
  }

  private static int base(Flow flow) {
    return flow.isn().orElse(flow.table().sequence(flow.firstRow()) - 1);
  }

  /**
   * What is looked for at a point.
   *
   * @param repeated what is repeated
   * @param raw the number there of the first byte that is repeated
   * @param fromNanos the earliest time when it can be there
   */
  private record Sought(Ending.Repeated repeated, int raw, long fromNanos) {
    /** How many transmissions a flow has before a time. */
    int sentBefore(Flow flow, long nanos) {
      SegmentTable table = flow.table();
      int count = 0;
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        count += table.timeNanos(row) < nanos && isArrival(table, row) ? 1 : 0;
      }
      return count;
    }

    /** The rows of the first and the last transmission; the flow's last one where none is. */
    int[] firstAndLast(Flow flow) {
      SegmentTable table = flow.table();
      int first = -1;
      int last = -1;
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        if (isArrival(table, row)) {
          first = first < 0 ? row : first;
          last = row;
        }
      }
      return new int[] {first < 0 ? flow.lastRow() : first, last < 0 ? flow.lastRow() : last};
    }

    int arrivals(Flow flow) {
      SegmentTable table = flow.table();
      int count = 0;
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        count += isArrival(table, row) ? 1 : 0;
      }
      return count;
    }

    /** How many of those that arrive have a wrong checksum. */
    int spoilt(Evidence evidence, PairedConnection pair, Direction direction) {
      SegmentTable table = pair.farFlow(direction).table();
      Set<Integer> wrong = new HashSet<>();
      evidence.wrongChecksums(pair, direction).wrong().forEach(one -> wrong.add(one.farRow()));
      evidence.wrongHeaderSums(pair, direction).wrong().forEach(one -> wrong.add(one.farRow()));
      return (int) wrong.stream().filter(row -> isArrival(table, row)).count();
    }

    private boolean isArrival(SegmentTable table, int row) {
      int flags = table.flags(row);
      if ((flags & TcpFlags.RST) != 0) {
        return false;
      }
      if (repeated == Ending.Repeated.KEEP_ALIVE) {
        return table.sequence(row) == raw
            && table.payloadBytes(row) <= 1
            && table.timeNanos(row) >= fromNanos;
      }
      int length = table.payloadBytes(row) + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
      int start = table.sequence(row) + ((flags & TcpFlags.SYN) != 0 ? 1 : 0);
      return raw - start >= 0 && raw - start < length;
    }

    /** How the receiver answers it at that point, empty where it does not. */
    Optional<Place> answer(Flow receiver) {
      SegmentTable table = receiver.table();
      boolean reset = false;
      for (int row = receiver.firstRow(); row >= 0; row = table.next(row)) {
        if ((table.flags(row) & TcpFlags.RST) != 0) {
          reset |= table.timeNanos(row) >= fromNanos;
        } else if (isAcknowledgment(table, row)) {
          return Optional.of(Place.ANSWER_LOST);
        }
      }
      return reset ? Optional.of(Place.RESET_LOST) : Optional.empty();
    }

    private boolean isAcknowledgment(SegmentTable table, int row) {
      return (table.flags(row) & TcpFlags.ACK) != 0
          && table.acknowledgment(row) - raw > 0
          && (repeated != Ending.Repeated.KEEP_ALIVE || table.timeNanos(row) >= fromNanos);
    }
  }
}
