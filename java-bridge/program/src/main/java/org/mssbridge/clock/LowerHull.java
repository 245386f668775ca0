package org.mssbridge.clock;

/**
 * The lower convex hull of points in the plane: the only points that a line below all points can
 * touch.
 *
 * <p>Times are nanoseconds after an origin, values are nanoseconds above a base, both as doubles:
 * exact up to 104 days, and rounded by less than a microsecond beyond.
 */
final class LowerHull {
  private final double[] times;
  private final double[] values;
  private final int size;

  private LowerHull(double[] times, double[] values, int size) {
    this.times = times;
    this.values = values;
    this.size = size;
  }

  /**
   * Builds the hull of samples in any order; their arrays are not changed.
   *
   * @param sign 1 for the points as they are; -1 mirrors the values, which makes an upper hull
   */
  static LowerHull of(ClockSamples samples, long origin, long base, int sign) {
    int count = samples.count;
    double[] times = new double[count];
    double[] values = new double[count];
    // Samples come by connection, each in order. The hull's corners are all corners of the hulls
    // of its parts. These are few, so there is hardly anything left to sort.
    int size = 0;
    int run = 0;
    for (int i = 0; i < count; i++) {
      double time = samples.times[i] - origin;
      if (size > run && time < times[size - 1]) {
        run = size;
      }
      double value = sign * (double) (samples.diffs[i] - base);
      size = add(times, values, run, size, time, value);
    }
    return new LowerHull(times, values, run == 0 ? size : merge(times, values, size));
  }

  /** Merges consecutive hulls into one, and returns its size. */
  private static int merge(double[] times, double[] values, int corners) {
    PairSort.byFirst(times, values, corners);
    int size = 0;
    for (int i = 0; i < corners; i++) {
      size = add(times, values, 0, size, times[i], values[i]);
    }
    return size;
  }

  /**
   * Adds a point to a hull; its time is not before the hull's last point.
   *
   * @param start the index of the hull's first point
   * @param end the index after its last point
   * @return the index after its new last point
   */
  private static int add(
      double[] times, double[] values, int start, int end, double time, double value) {
    int last = end;
    if (last > start && times[last - 1] == time) {
      if (values[last - 1] <= value) {
        return last;
      }
      last--;
    }
    while (last - start >= 2 && turnsRight(times, values, last, time, value)) {
      last--;
    }
    times[last] = time;
    values[last] = value;
    return last + 1;
  }

  /** Whether the last corner is on or above the line from the previous corner to a new point. */
  private static boolean turnsRight(double[] t, double[] v, int size, double time, double value) {
    double t0 = t[size - 2];
    double v0 = v[size - 2];
    return (t[size - 1] - t0) * (value - v0) <= (v[size - 1] - v0) * (time - t0);
  }

  /** The highest value at the origin of a line with this slope and no point below it. */
  double intercept(double slope) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      least = Math.min(least, values[i] - slope * times[i]);
    }
    return least;
  }
}
