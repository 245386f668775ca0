package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * The far point's time for a segment minus the near point's: clock offset and delay together.
 *
 * @param minNanos the minimum
 * @param typicalNanos the typical value
 */
public record TimeDifference(long minNanos, long typicalNanos) {

  /**
   * The difference from this direction's own segments, otherwise from the clocks or from the
   * segments that this direction answers; empty where none is known.
   */
  public static Optional<TimeDifference> of(
      Evidence evidence, PairedConnection pair, Direction direction) {
    Alignment.Delay delay = pair.delay(direction);
    boolean handshake =
        pair.nearFlow(direction).hasHandshake() && pair.farFlow(direction).hasHandshake();
    if (delay.differenceNanos().length == 0 && !handshake) {
      return ofClocks(evidence, pair, direction).or(() -> ofAnswered(pair, direction));
    }
    long min = delay.typicalNanos();
    for (long nanos : delay.differenceNanos()) {
      min = Math.min(min, nanos);
    }
    return Optional.of(new TimeDifference(min, delay.typicalNanos()));
  }

  private static Optional<TimeDifference> ofClocks(
      Evidence evidence, PairedConnection pair, Direction direction) {
    CapturePoint nearPoint = pair.nearPoint(direction);
    CapturePoint farPoint = pair.farPoint(direction);
    Clock near = evidence.comparison().clocks().at(nearPoint).orElse(Clock.identity());
    Clock far = evidence.comparison().clocks().at(farPoint).orElse(Clock.identity());
    if (near.samples() + far.samples() == 0) {
      return Optional.empty();
    }
    long nanos = pair.near(direction).firstTimeNanos();
    long typical = far.offsetNanos(nanos) - near.offsetNanos(nanos);
    double halfSeconds =
        near.widthSeconds().orElse(Double.NaN) / 2 + far.widthSeconds().orElse(Double.NaN) / 2;
    return Double.isNaN(halfSeconds)
        ? Optional.empty()
        : Optional.of(new TimeDifference(typical - Math.round(halfSeconds * 1e9), typical));
  }

  /**
   * The least difference, from the segments of the other direction: what the one gains by the
   * offset of the clocks, the other loses, and no delay is below 0. Where both points saw the SYN,
   * an answer to it passes the near point no earlier than the SYN does.
   */
  private static Optional<TimeDifference> ofAnswered(PairedConnection pair, Direction direction) {
    Direction answered = direction.reverse();
    if (!pair.near(answered).hasSyn() || !pair.far(answered).hasSyn()) {
      return Optional.empty();
    }
    long least = pair.delay(answered).typicalNanos();
    for (long nanos : pair.delay(answered).differenceNanos()) {
      least = Math.min(least, nanos);
    }
    return Optional.of(new TimeDifference(-least, -least));
  }
}
