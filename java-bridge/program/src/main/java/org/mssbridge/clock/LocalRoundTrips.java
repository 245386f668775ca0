package org.mssbridge.clock;

import java.util.Arrays;

/**
 * Round trips between the points over time, from the fastest segments of both directions at about
 * the same time. The offset of the clocks cancels out in them, wherever it is then. So they say
 * what the distance between both directions is if the clocks run evenly: where the fastest segments
 * of all together are closer, one clock was set or corrected, or the delay of one direction grew
 * when that of the other one shrank.
 */
final class LocalRoundTrips {
  /** An interval is so short that clocks do not drift much in it. */
  private static final int INTERVALS = 256;

  /** Fewer say nothing about how much round trips vary. */
  private static final int LEAST_INTERVALS = 8;

  private static final double LEAST_NOISE_NANOS = 100_000;

  /** By so many of the usual differences between neighbours the distance may be less by chance. */
  private static final int NOISES = 4;

  /** A clock that is set within an interval makes a round trip too short: they are few. */
  private static final double LOW = 0.1;

  /** Queues lower the distance by less than this part of what round trips vary by. */
  private static final double QUEUE_PART = 0.75;

  private final double[] sorted;
  private final double noiseNanos;

  private LocalRoundTrips(double[] inOrder) {
    double[] differences = new double[Math.max(0, inOrder.length - 1)];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = Math.abs(inOrder[i + 1] - inOrder[i]);
    }
    Arrays.sort(differences);
    sorted = inOrder.clone();
    Arrays.sort(sorted);
    noiseNanos = Math.max(LEAST_NOISE_NANOS, NOISES * quantile(differences, 0.5));
  }

  static LocalRoundTrips of(ClockSamples forward, ClockSamples backward) {
    if (forward.isEmpty() || backward.isEmpty()) {
      return new LocalRoundTrips(new double[0]);
    }
    long first = Math.min(forward.firstTime(), backward.firstTime());
    long last = Math.max(forward.lastTime(), backward.lastTime());
    double width = (last - first) / (double) INTERVALS + 1;
    double[] least = new double[INTERVALS];
    double[] greatest = new double[INTERVALS];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
    long base = forward.leastDiff();
    for (int i = 0; i < forward.count; i++) {
      int at = (int) ((forward.times[i] - first) / width);
      least[at] = Math.min(least[at], (double) (forward.diffs[i] - base));
    }
    for (int i = 0; i < backward.count; i++) {
      int at = (int) ((backward.times[i] - first) / width);
      greatest[at] = Math.max(greatest[at], (double) (backward.diffs[i] - base));
    }
    double[] roundTrips = new double[INTERVALS];
    int count = 0;
    for (int at = 0; at < INTERVALS; at++) {
      double nanos = least[at] - greatest[at];
      if (Double.isFinite(nanos)) {
        roundTrips[count++] = nanos;
      }
    }
    return new LocalRoundTrips(Arrays.copyOf(roundTrips, count));
  }

  boolean areEnough() {
    return sorted.length >= LEAST_INTERVALS;
  }

  /** By how much round trips differ by chance. */
  double noiseNanos() {
    return noiseNanos;
  }

  /** A distance between both directions that even clocks hardly ever have less of. */
  double leastIfEvenNanos() {
    return quantile(sorted, LOW) - noiseNanos;
  }

  /**
   * A distance that even clocks have where queues fill in one direction and then in the other one:
   * these vary by more than their least delays differ.
   */
  double leastIfQueuesNanos() {
    double range = quantile(sorted, 1 - LOW) - quantile(sorted, LOW);
    return quantile(sorted, LOW) - Math.max(noiseNanos, QUEUE_PART * range);
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))];
  }
}
