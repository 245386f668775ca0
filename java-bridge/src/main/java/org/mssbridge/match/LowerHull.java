package org.mssbridge.match;

/**
 * The lower convex hull of points in the plane: all that a line below every point can touch.
 *
 * <p>Times are kept as nanoseconds after an origin, values as nanoseconds above a base, both
 * doubles: exact up to 104 days, and rounded by less than a microsecond beyond.
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
    boolean ordered = true;
    for (int i = 0; i < count; i++) {
      times[i] = samples.times[i] - origin;
      values[i] = sign * (double) (samples.diffs[i] - base);
      ordered &= i == 0 || times[i - 1] <= times[i];
    }
    if (!ordered) {
      PairSort.byFirst(times, values);
    }
    int size = 0;
    for (int i = 0; i < count; i++) {
      double time = times[i];
      double value = values[i];
      if (size > 0 && times[size - 1] == time) {
        if (values[size - 1] <= value) {
          continue;
        }
        size--;
      }
      while (size >= 2 && turnsRight(times, values, size, time, value)) {
        size--;
      }
      times[size] = time;
      values[size] = value;
      size++;
    }
    return new LowerHull(times, values, size);
  }

  /** Whether the last corner lies on or above the line from the one before it to a new point. */
  private static boolean turnsRight(double[] t, double[] v, int size, double time, double value) {
    double t0 = t[size - 2];
    double v0 = v[size - 2];
    return (t[size - 1] - t0) * (value - v0) <= (v[size - 1] - v0) * (time - t0);
  }

  /** The highest value at the origin of a line with this slope that no point lies below. */
  double intercept(double slope) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      least = Math.min(least, values[i] - slope * times[i]);
    }
    return least;
  }
}
