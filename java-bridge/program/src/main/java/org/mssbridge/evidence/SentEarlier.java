package org.mssbridge.evidence;

import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.mssbridge.alignment.CaptureGaps;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/**
 * How far the data of a connection had come, possibly, when a capture began in the middle of it: a
 * capture does not miss what passed before it began, and what is repeated then begins anywhere.
 */
public final class SentEarlier {
  /**
   * After so many acknowledgments in a row that cover nothing but what the capture holds, data sent
   * before it began is hardly outstanding any more.
   */
  private static final int PLAIN_ACKNOWLEDGMENTS = 8;

  private SentEarlier() {}

  /**
   * The position after what was possibly sent before the capture at a point began, counted as
   * {@link CaptureGaps} counts; {@link Long#MIN_VALUE} where the capture saw the connection begin.
   */
  public static long end(
      Evidence evidence, TracedConnection traced, CapturePoint point, Direction direction) {
    Connection seen = traced.at().at(point).orElseThrow();
    Flow flow = seen.flow(direction);
    if (flow.isn().isPresent() || flow.firstRow() < 0) {
      return Long.MIN_VALUE;
    }
    long end = Long.MIN_VALUE;
    for (PairedConnection pair : traced.pairs()) {
      boolean isNear = pair.nearPoint(direction).equals(point);
      if (isNear || pair.farPoint(direction).equals(point)) {
        end = Math.max(end, byOther(evidence, pair, point, direction));
      }
    }
    return end > Long.MIN_VALUE ? end : alone(seen, direction);
  }

  /** By when the capture at the other point of a pair saw it. */
  private static long byOther(
      Evidence evidence, PairedConnection pair, CapturePoint point, Direction direction) {
    boolean isNear = pair.nearPoint(direction).equals(point);
    CapturePoint other = isNear ? pair.farPoint(direction) : pair.nearPoint(direction);
    if (!pair.isTimed() || pair.isnDelta(direction).isEmpty()) {
      return Long.MIN_VALUE;
    }
    long startNanos =
        (isNear ? pair.nearCapture(direction) : pair.farCapture(direction)).coverage().fromNanos();
    Flow elsewhere = pair.at(other).flow(direction);
    SegmentTable table = elsewhere.table();
    int base =
        CaptureGaps.base(pair.at(point).flow(direction))
            - pair.base(point, direction)
            + pair.base(other, direction);
    Passed passed = passed(evidence, pair, direction, isNear);
    long end = Long.MIN_VALUE;
    long reference = 0;
    boolean reachesBack = elsewhere.isn().isPresent();
    for (int row = elsewhere.firstRow(); row >= 0; row = table.next(row)) {
      boolean before = passed.earliestNanos(point, other, table.timeNanos(row)) < startNanos;
      reachesBack |= before;
      if (before && table.payloadBytes(row) > 0 && (table.flags(row) & TcpFlags.SYN) == 0) {
        // The base is unknown where that capture has the SYN and this one has not.
        reference = SequenceNumber.unwrap(table.sequence(row) - base, reference);
        end = Math.max(end, reference + table.payloadBytes(row));
      }
    }
    return reachesBack ? Math.max(end, 0) : Long.MIN_VALUE;
  }

  /** When a packet passed one point at the earliest, by its time at another one. */
  private interface Passed {
    long earliestNanos(CapturePoint point, CapturePoint other, long nanos);
  }

  private static Passed passed(
      Evidence evidence, PairedConnection pair, Direction direction, boolean isNear) {
    long[] differences = pair.delay(direction).sampleDifferenceNanos();
    if (differences.length > 0) {
      long most = LongStream.of(differences).max().getAsLong();
      long least = LongStream.of(differences).min().getAsLong();
      return (point, other, nanos) -> isNear ? nanos - most : nanos + least;
    }
    OptionalDouble uncertain = ClockUncertainty.nanos(evidence, Legs.of(pair, direction));
    // Where no clock is known, everything may have been sent before.
    return uncertain.isEmpty()
        ? (point, other, nanos) -> Long.MIN_VALUE
        : (point, other, nanos) ->
            evidence.comparison().timeAt(point, other, nanos) - 2 * (long) uncertain.getAsDouble();
  }

  /**
   * By the acknowledgments in the capture itself: one that covers more than the capture holds may
   * answer a repetition that fills a hole in data of before.
   */
  private static long alone(Connection seen, Direction direction) {
    Flow flow = seen.flow(direction);
    Flow receiver = seen.flow(direction.reverse());
    SegmentTable table = flow.table();
    int base = CaptureGaps.base(flow);
    LatestRanges held = new LatestRanges();
    long end = 0;
    long sent = 0;
    long acknowledged = -1;
    int plain = 0;
    int row = flow.firstRow();
    for (int answer = receiver.firstRow(); answer >= 0; answer = table.next(answer)) {
      for (; row >= 0 && row < answer; row = table.next(row)) {
        sent = SequenceNumber.unwrap(table.sequence(row) - base, sent);
        held.put(sent, sent + table.payloadBytes(row), 0);
      }
      if ((table.flags(answer) & (TcpFlags.ACK | TcpFlags.RST)) != TcpFlags.ACK) {
        continue;
      }
      long position =
          SequenceNumber.unwrap(table.acknowledgment(answer) - base, Math.max(acknowledged, 0));
      if (position <= acknowledged) {
        continue;
      }
      boolean holds =
          acknowledged >= 0
              && held.at(acknowledged) != LatestRanges.NONE
              && held.at(position - 1) != LatestRanges.NONE;
      plain = holds ? plain + 1 : 0;
      acknowledged = position;
      if (plain == PLAIN_ACKNOWLEDGMENTS) {
        return end;
      }
      end = plain == 0 ? position : end;
    }
    return acknowledged;
  }
}
