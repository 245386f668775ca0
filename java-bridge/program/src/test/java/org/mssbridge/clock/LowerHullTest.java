package org.mssbridge.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** A hull represents all its points. */
class LowerHullTest {
  @Property
  void aLineBelowTheHullIsBelowEveryPoint(
      @ForAll @Size(min = 1, max = 200) long @LongRange(min = -1000, max = 1000) [] values,
      @ForAll @DoubleRange(min = -5, max = 5) double slope) {
    long[] times = new long[values.length];
    Arrays.setAll(times, i -> (i * 37L) % values.length);

    LowerHull lower = LowerHull.of(new ClockSamples(times, values), 0, 0, 1);
    LowerHull upper = LowerHull.of(new ClockSamples(times, values), 0, 0, -1);

    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      least = Math.min(least, values[i] - slope * times[i]);
      greatest = Math.max(greatest, values[i] - slope * times[i]);
    }
    assertThat(lower.intercept(slope)).isCloseTo(least, within(1e-6));
    assertThat(-upper.intercept(-slope)).isCloseTo(greatest, within(1e-6));
  }
}
