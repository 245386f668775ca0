package org.mssbridge.evidence;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.clock.Clock;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/** Walks once through one direction of a connection across a leg, and adds it to sums. */
final class PassageOverTime {
  private final Passage passage;
  private final Direction direction;
  private final Clock nearClock;
  private final Clock farClock;
  private final CaptureDuplicates nearDuplicates;
  private final CaptureDuplicates farDuplicates;
  private final SegmentTable near;
  private final SegmentTable far;
  private final List<LegSums> sums;

  private PassageOverTime(Comparison comparison, Passage passage, List<LegSums> sums) {
    this.passage = passage;
    this.direction = passage.direction();
    this.nearClock = comparison.clocks().at(passage.nearPoint()).orElse(Clock.identity());
    this.farClock = comparison.clocks().at(passage.farPoint()).orElse(Clock.identity());
    this.nearDuplicates = comparison.duplicates().at(passage.nearPoint()).orElseThrow();
    this.farDuplicates = comparison.duplicates().at(passage.farPoint()).orElseThrow();
    this.near = passage.near().table();
    this.far = passage.far().table();
    this.sums = sums;
  }

  /**
   * Adds a passage.
   *
   * @param areClocksKnown whether delays can be computed
   * @param sums what it is added to
   */
  static void add(
      Comparison comparison, Passage passage, boolean areClocksKnown, List<LegSums> sums) {
    PassageOverTime walk = new PassageOverTime(comparison, passage, sums);
    LongList crossings = new LongList();
    walk.transmissions(crossings);
    walk.flight();
    walk.arrivals();
    if (areClocksKnown) {
      walk.others(crossings);
      walk.delays(crossings.toArray());
    }
  }

  /** Adds the transmissions with data, and notes which arrived as which. */
  private void transmissions(LongList crossings) {
    Alignment alignment = passage.alignment();
    BitSet lost = numbers(alignment.lost());
    BitSet unknown = numbers(alignment.unknown());
    Alignment.Sightings sent = alignment.near();
    SentRanges seen = new SentRanges();
    for (int i = 0; i < sent.size(); i++) {
      int row = sent.row()[i];
      boolean isRepeated = seen.add(sent.start()[i], sent.start()[i] + near.payloadBytes(row));
      long nanos = nearClock.referenceNanos(near.timeNanos(row));
      LegSums.Fate fate =
          lost.get(i)
              ? LegSums.Fate.LOST
              : unknown.get(i) ? LegSums.Fate.UNKNOWN : LegSums.Fate.ARRIVED;
      sums.forEach(sum -> sum.send(nanos, fate, isRepeated));
      int farRow = sent.peerRow()[i];
      // Which of several transmissions arrived is sure by its IP ID only.
      if (farRow >= 0 && (!isRepeated || isSameById(row, farRow))) {
        crossings.add(crossing(row, farRow));
      }
    }
  }

  private static BitSet numbers(Alignment.Ranges ranges) {
    BitSet numbers = new BitSet();
    Arrays.stream(ranges.index()).forEach(numbers::set);
    return numbers;
  }

  private boolean isSameById(int nearRow, int farRow) {
    return near.ipId(nearRow) > 0 && near.ipId(nearRow) == far.ipId(farRow);
  }

  /** Both rows of a segment, which sort in the order of arrival. */
  private static long crossing(int nearRow, int farRow) {
    return (long) farRow << 32 | nearRow;
  }

  /** Notes which segments without data arrived as which. */
  private void others(LongList crossings) {
    if (passage.near().handshakes() == 1
        && passage.far().handshakes() == 1
        && isFirstSyn(passage.near())
        && isFirstSyn(passage.far())
        && near.payloadBytes(passage.near().firstRow()) == 0) {
      crossings.add(crossing(passage.near().firstRow(), passage.far().firstRow()));
    }
    UniqueAcknowledgments.of(
        passage.pair(), direction, (nearRow, farRow) -> crossings.add(crossing(nearRow, farRow)));
  }

  private static boolean isFirstSyn(Flow flow) {
    return (flow.table().flags(flow.firstRow()) & TcpFlags.SYN) != 0;
  }

  private void delays(long[] crossings) {
    Arrays.sort(crossings);
    boolean isFirst = true;
    long before = 0;
    for (long crossing : crossings) {
      long sent = near.timeNanos((int) crossing);
      long arrived = far.timeNanos((int) (crossing >> 32));
      long nanos = OneWayDelay.referenceNanos(nearClock, sent, farClock, arrived);
      long delay = OneWayDelay.nanos(nearClock, sent, farClock, arrived, nanos);
      long difference = delay - before;
      boolean hasBefore = !isFirst;
      for (LegSums sum : sums) {
        sum.delay(nanos, delay);
        if (hasBefore) {
          sum.differ(nanos, difference);
        }
      }
      before = delay;
      isFirst = false;
    }
  }

  private void arrivals() {
    for (int row = passage.far().firstRow(); row >= 0; row = far.next(row)) {
      int bytes = far.payloadBytes(row);
      if (bytes > 0 && !farDuplicates.contains(row)) {
        long nanos = farClock.referenceNanos(far.timeNanos(row));
        sums.forEach(sum -> sum.arrive(nanos, bytes));
      }
    }
  }

  /** Adds the payload that passes the near point, and what of it is on its way. */
  private void flight() {
    Connection seen = passage.pair().near(direction);
    Flow receiver = seen.flow(direction.reverse());
    int scale = WindowScale.of(passage.near(), receiver);
    int base = passage.pair().base(passage.nearPoint(), direction);
    int sentRow = passage.near().firstRow();
    int answerRow = receiver.firstRow();
    long end = passage.near().hasHandshake() ? 1 : -1;
    long acknowledged = end;
    long window = -1;
    long last = Long.MIN_VALUE;
    while (sentRow >= 0 || answerRow >= 0) {
      boolean isSent = answerRow < 0 || (sentRow >= 0 && sentRow < answerRow);
      int row = isSent ? sentRow : answerRow;
      long nanos = nearClock.referenceNanos(near.timeNanos(row));
      if (last != Long.MIN_VALUE && acknowledged >= 0) {
        fly(last, Math.max(last, nanos), Math.max(0, end - acknowledged), window);
      }
      int flags = near.flags(row);
      if (isSent) {
        int bytes = near.payloadBytes(row);
        if (bytes > 0 && !nearDuplicates.contains(row)) {
          sums.forEach(sum -> sum.sendBytes(nanos, bytes));
          end = Math.max(end, near.position(row, base, Math.max(0, end)) + bytes);
        }
        sentRow = near.next(row);
      } else {
        if ((flags & TcpFlags.ACK) != 0 && (flags & TcpFlags.RST) == 0) {
          long number =
              SequenceNumber.unwrap(near.acknowledgment(row) - base, Math.max(0, acknowledged));
          if (number >= acknowledged) {
            acknowledged = number;
            // The window of a SYN is not scaled (RFC 7323, section 2.2).
            int shift = (flags & TcpFlags.SYN) != 0 ? 0 : scale;
            window = shift < 0 ? -1 : (long) near.window(row) << shift;
          }
        }
        answerRow = near.next(row);
      }
      if (acknowledged >= 0) {
        fly(nanos, nanos, Math.max(0, end - acknowledged), window);
      }
      last = nanos;
    }
  }

  private void fly(long fromNanos, long untilNanos, long bytes, long window) {
    sums.forEach(sum -> sum.fly(fromNanos, untilNanos, bytes, window));
  }

  /** The earliest and the latest time of a passage's segments on the reference clock. */
  record Extent(long fromNanos, long untilNanos) {
    static Optional<Extent> of(Comparison comparison, Passage passage) {
      Clock nearClock = comparison.clocks().at(passage.nearPoint()).orElse(Clock.identity());
      Clock farClock = comparison.clocks().at(passage.farPoint()).orElse(Clock.identity());
      OptionalLong from = OptionalLong.empty();
      long until = Long.MIN_VALUE;
      for (Direction each : Direction.values()) {
        Flow near = passage.pair().near(passage.direction()).flow(each);
        Flow far = passage.pair().far(passage.direction()).flow(each);
        for (Flow flow : List.of(near, far)) {
          if (flow.firstRow() >= 0) {
            Clock clock = flow.equals(near) ? nearClock : farClock;
            long first = clock.referenceNanos(flow.table().timeNanos(flow.firstRow()));
            long last = clock.referenceNanos(flow.table().timeNanos(flow.lastRow()));
            from = OptionalLong.of(Math.min(from.orElse(first), first));
            until = Math.max(until, Math.max(first, last));
          }
        }
      }
      long end = until;
      return from.isPresent() ? Optional.of(new Extent(from.getAsLong(), end)) : Optional.empty();
    }

    Extent and(Extent other) {
      return new Extent(
          Math.min(fromNanos, other.fromNanos), Math.max(untilNanos, other.untilNanos));
    }
  }
}
