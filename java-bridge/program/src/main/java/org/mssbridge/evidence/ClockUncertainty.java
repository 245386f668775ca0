package org.mssbridge.evidence;

import java.util.Optional;
import java.util.OptionalDouble;
import org.mssbridge.clock.Clock;
import org.mssbridge.finding.Leg;

/** How well the clocks of two neighbouring points are known against each other. */
public final class ClockUncertainty {
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

  private static OptionalDouble widthSeconds(Optional<Clock> clock) {
    return clock.isPresent() && clock.get().consistent()
        ? clock.get().widthSeconds()
        : OptionalDouble.empty();
  }
}
