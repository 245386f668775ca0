package org.mssbridge.clock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Fits a clock that may have been set while the captures ran. Where one line does not fit, the
 * longest run of samples from the start that a line fits ends just after the step, and the longest
 * run backwards from there begins just before it; the step is between the two.
 */
final class ClockSteps {
  private static final int MAX_STEPS = 4;

  private final long[] times;
  private final long[] diffs;
  private final boolean[] forward;
  private final List<Clock.Step> steps = new ArrayList<>();

  private ClockSteps(ClockSamples forwardSamples, ClockSamples backwardSamples) {
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
    Clock plain = new ClockFit(forward, backward).clock();
    if (plain.consistent()) {
      return plain;
    }
    return new ClockSteps(forward, backward).fit().filter(Clock::consistent).orElse(plain);
  }

  /** The clock with its steps; empty where the samples do not show them. */
  private Optional<Clock> fit() {
    int from = 0;
    while (from < times.length && steps.size() <= MAX_STEPS) {
      int end = end(from);
      if (end == times.length) {
        break;
      }
      int begin = begin(from, end);
      Clock before = fit(from, begin + 1);
      Clock after = fit(end, end(end));
      if (!isSettled(before) || !isSettled(after) || begin >= end) {
        return Optional.empty();
      }
      long at = times[begin] + (times[end] - times[begin]) / 2;
      long size = after.offsetNanos(at) - before.offsetNanos(at);
      steps.add(new Clock.Step(at, size));
      for (int i = 0; i < times.length; i++) {
        diffs[i] -= times[i] >= at ? size : 0;
      }
      from = end;
    }
    return Optional.of(fit(0, times.length).withSteps(steps));
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
      if (fit(from, middle).consistent()) {
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
      if (fit(middle, until).consistent()) {
        fits = middle;
      } else {
        fails = middle;
      }
    }
    return Math.max(from, fits - 1);
  }

  private Clock fit(int from, int to) {
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
            new ClockSamples(split[0], split[1], n), new ClockSamples(split[2], split[3], m))
        .clock();
  }
}
