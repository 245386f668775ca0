package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * By how much the far point's time for a segment exceeds the near point's, clocks and delay
 * together.
 *
 * @param leastNanos the least to be expected
 * @param typicalNanos the usual one
 */
public record TimeDifference(long leastNanos, long typicalNanos) {

  /** From this direction's own segments; else from the clocks; empty where neither is known. */
  public static Optional<TimeDifference> of(
      Evidence evidence, PairedConnection pair, Direction direction) {
    Alignment.Delay delay = pair.alignment(direction).delay();
    boolean handshake =
        pair.nearFlow(direction).firstHandshake().isPresent()
            && pair.farFlow(direction).firstHandshake().isPresent();
    if (delay.differenceNanos().length == 0 && !handshake) {
      return ofClocks(evidence, pair, direction);
    }
    long least = delay.typicalNanos();
    for (long nanos : delay.differenceNanos()) {
      least = Math.min(least, nanos);
    }
    return Optional.of(new TimeDifference(least, delay.typicalNanos()));
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
}
