package org.mssbridge.clock;

/**
 * The clock samples from the segments of one direction: their times at the first point, and their
 * differences, the time at the second point minus that at the first. The arrays belong to the
 * caller, are not changed, and may be in any order.
 */
public final class ClockSamples {
  final long[] times;
  final long[] diffs;
  final int count;

  /** Samples from all values of both arrays, in ns; the arrays have the same length. */
  public ClockSamples(long[] times, long[] diffs) {
    this(times, diffs, Math.max(times.length, diffs.length));
  }

  /**
   * Samples from the first {@code count} values of both arrays, in ns.
   *
   * @throws IllegalArgumentException where an array is shorter than that
   */
  ClockSamples(long[] times, long[] diffs, int count) {
    if (count < 0 || count > times.length || count > diffs.length) {
      throw new IllegalArgumentException(
          count + " samples of " + times.length + " times and " + diffs.length + " differences");
    }
    this.times = times;
    this.diffs = diffs;
    this.count = count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  long firstTime() {
    return least(times);
  }

  long lastTime() {
    return greatest(times);
  }

  long spanNanos() {
    return isEmpty() ? 0 : lastTime() - firstTime();
  }

  long leastDiff() {
    return least(diffs);
  }

  long greatestDiff() {
    return greatest(diffs);
  }

  private long least(long[] values) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, values[i]);
    }
    return least;
  }

  private long greatest(long[] values) {
    long greatest = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      greatest = Math.max(greatest, values[i]);
    }
    return greatest;
  }
}
