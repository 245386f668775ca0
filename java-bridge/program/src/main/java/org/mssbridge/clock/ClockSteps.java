package org.mssbridge.clock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Fits a clock that may have been set while the captures ran. Where one line does not fit, the
 * longest run of samples from the start that a line fits ends just after the step, and the longest
 * run backwards from there begins just before it; the step is between the two.
 *
 * <p>A step of less than a round trip leaves room for a line, but less than the round trips at any
 * time show: then a line does not fit either. One direction seems to gain what the other one loses,
 * at one moment and by the same amount.
 */
final class ClockSteps {
  private static final int MAX_STEPS = 4;

  /**
   * A clock that is set changes neither round trips nor queues: not by more than this part of the
   * step.
   */
  private static final int PATH_PART = 4;

  private final double leastRoundTripNanos;
  private final double noiseNanos;
  private final ClockSamples forwardSamples;
  private final ClockSamples backwardSamples;
  private final List<Clock.Step> steps = new ArrayList<>();

  /** All samples, sorted by time when they are needed like that. */
  private long[] times;

  private long[] diffs;
  private boolean[] forward;

  private ClockSteps(
      ClockSamples forwardSamples,
      ClockSamples backwardSamples,
      double leastRoundTripNanos,
      double noiseNanos) {
    this.forwardSamples = forwardSamples;
    this.backwardSamples = backwardSamples;
    this.leastRoundTripNanos = leastRoundTripNanos;
    this.noiseNanos = noiseNanos;
  }

  private void sort() {
    int n = forwardSamples.count;
    int count = n + backwardSamples.count;
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.comparingLong(
            i -> i < n ? forwardSamples.times[i] : backwardSamples.times[i - n]));
    times = new long[count];
    diffs = new long[count];
    forward = new boolean[count];
    for (int i = 0; i < count; i++) {
      int from = order[i];
      forward[i] = from < n;
      times[i] = forward[i] ? forwardSamples.times[from] : backwardSamples.times[from - n];
      diffs[i] = forward[i] ? forwardSamples.diffs[from] : backwardSamples.diffs[from - n];
    }
  }

  static Clock fit(ClockSamples forward, ClockSamples backward) {
    LocalRoundTrips local = LocalRoundTrips.of(forward, backward);
    if (local.areEnough()) {
      for (double least : new double[] {local.leastIfEvenNanos(), local.leastIfQueuesNanos()}) {
        Clock even = new ClockSteps(forward, backward, least, local.noiseNanos()).line();
        if (even.consistent()) {
          return even;
        }
      }
    }
    ClockSteps any =
        new ClockSteps(forward, backward, -ClockFit.ROUNDING_NANOS, local.noiseNanos());
    Clock clock = any.line();
    return clock.consistent() && local.areEnough() ? any.uneven(clock) : clock;
  }

  /** One line, or one with steps; inconsistent where neither fits. */
  private Clock line() {
    Clock plain = new ClockFit(forwardSamples, backwardSamples, leastRoundTripNanos).clock();
    if (plain.consistent()) {
      return plain;
    }
    sort();
    return stepped().filter(Clock::consistent).orElse(plain);
  }

  private Clock uneven(Clock clock) {
    LongSummaryStatistics all = new LongSummaryStatistics();
    for (ClockSamples samples : List.of(forwardSamples, backwardSamples)) {
      for (int i = 0; i < samples.count; i++) {
        long nanos = samples.times[i];
        all.accept(samples.diffs[i] - clock.stepsUntilNanos(nanos));
      }
    }
    return clock.uneven(all.getMin() / 1e9, all.getMax() / 1e9);
  }

  /** The clock with its steps; empty where the samples do not show them. */
  private Optional<Clock> stepped() {
    int from = 0;
    while (from < times.length && steps.size() <= MAX_STEPS) {
      int end = end(from);
      if (end == times.length) {
        break;
      }
      int begin = begin(from, end);
      ClockFit before = of(from, begin + 1);
      ClockFit after = of(end, end(end));
      if (begin >= end || !isSettled(before.clock()) || !isSettled(after.clock())) {
        return Optional.empty();
      }
      long margin = (times[end] - times[begin]) / 2;
      long at = times[begin] + margin;
      long size = after.clock().offsetNanos(at) - before.clock().offsetNanos(at);
      double mostChange = Math.max(noiseNanos, Math.abs(size) / (double) PATH_PART);
      if (Math.abs(after.roundTripNanos() - before.roundTripNanos()) > mostChange
          || changesQueues(from, begin + 1, end, end(end), mostChange)) {
        return Optional.empty();
      }
      steps.add(new Clock.Step(at, size, margin));
      for (int i = 0; i < times.length; i++) {
        diffs[i] -= times[i] >= at ? size : 0;
      }
      from = end;
    }
    return Optional.of(of(0, times.length).clock().withSteps(steps));
  }

  /**
   * Whether the delays of a direction vary otherwise after a step than before it: then a queue may
   * have moved from one direction to the other one.
   */
  private boolean changesQueues(
      int from, int until, int fromAfter, int untilAfter, double mostChange) {
    for (boolean way : new boolean[] {true, false}) {
      double change = typicalWait(fromAfter, untilAfter, way) - typicalWait(from, until, way);
      if (Math.abs(change) > mostChange) {
        return true;
      }
    }
    return false;
  }

  /** By how much the median of a direction's delays is above the least. */
  private double typicalWait(int from, int until, boolean way) {
    long sign = way ? 1 : -1;
    long[] delays =
        IntStream.range(from, until)
            .filter(i -> forward[i] == way)
            .mapToLong(i -> sign * diffs[i])
            .sorted()
            .toArray();
    return delays.length == 0 ? 0 : (double) delays[delays.length / 2] - delays[0];
  }

  private static boolean isSettled(Clock clock) {
    return clock.lowSeconds().isPresent() && clock.highSeconds().isPresent();
  }

  /** The end of the longest run from this sample that a line fits. */
  private int end(int from) {
    int fits = Math.min(times.length, from + 1);
    int fails = times.length + 1;
    while (fits + 1 < fails) {
      int middle = (fits + fails) >>> 1;
      if (of(from, middle).clock().consistent()) {
        fits = middle;
      } else {
        fails = middle;
      }
    }
    return fits;
  }

  /**
   * The last sample before the step: the longest run backwards from the samples after {@code end}
   * begins after it.
   */
  private int begin(int from, int end) {
    int until = Math.min(times.length, end(end));
    int fits = end;
    int fails = from - 1;
    while (fails + 1 < fits) {
      int middle = (fits + fails) >>> 1;
      if (of(middle, until).clock().consistent()) {
        fits = middle;
      } else {
        fails = middle;
      }
    }
    return Math.max(from, fits - 1);
  }

  private ClockFit of(int from, int to) {
    long[][] split = new long[4][to - from];
    int n = 0;
    int m = 0;
    for (int i = from; i < to; i++) {
      if (forward[i]) {
        split[0][n] = times[i];
        split[1][n++] = diffs[i];
      } else {
        split[2][m] = times[i];
        split[3][m++] = diffs[i];
      }
    }
    return new ClockFit(
        new ClockSamples(split[0], split[1], n),
        new ClockSamples(split[2], split[3], m),
        leastRoundTripNanos);
  }
}
