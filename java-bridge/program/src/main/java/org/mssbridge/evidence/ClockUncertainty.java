package org.mssbridge.evidence;

import java.util.Optional;
import java.util.OptionalDouble;
import org.mssbridge.clock.Clock;
import org.mssbridge.finding.Leg;

/** How well the clocks of two neighbouring points are known against each other. */
public final class ClockUncertainty {
  /** Times of several interfaces or queues of one host are in order only about so far. */
  private static final long DISORDER_NANOS = 100_000L;

  private ClockUncertainty() {}

  /**
   * Half the width of the offset between the clocks of a leg, in ns; empty where it lacks a bound.
   */
  public static OptionalDouble nanos(Evidence evidence, Leg leg) {
    var clocks = evidence.comparison().clocks();
    OptionalDouble near = widthSeconds(clocks.at(leg.near()));
    OptionalDouble far = widthSeconds(clocks.at(leg.far()));
    // Widths grow along the path: each leg adds its own.
    return near.isPresent() && far.isPresent()
        ? OptionalDouble.of(Math.abs(far.getAsDouble() - near.getAsDouble()) * 5e8)
        : OptionalDouble.empty();
  }

  /**
   * The least delay that clocks allow which are known so well: nothing arrives before it is sent.
   * One that is less shows that the clocks are not as they seem.
   */
  public static long leastDelayNanos(long uncertaintyNanos) {
    return -uncertaintyNanos - DISORDER_NANOS;
  }

  private static OptionalDouble widthSeconds(Optional<Clock> clock) {
    return clock.isPresent() && clock.get().consistent() && clock.get().even()
        ? clock.get().widthSeconds()
        : OptionalDouble.empty();
  }
}
