package org.mssbridge.clock;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The clock of one capture point, B, against that of another, A.
 *
 * <p>The offset is what to add to a time of A to get B's time. A segment from A to B shows {@code
 * tB - tA = offset + delay}, so the offset is at most the least of these; one from B to A shows
 * {@code tB - tA = offset - delay}, so it is at least the greatest of those. How the delay divides
 * between the two directions cannot be known, hence an interval and not one number.
 *
 * <p>Clocks are taken to drift evenly: the offset over time is a line below every forward sample
 * and above every backward one, so it runs between the lower convex hull of the former and the
 * upper hull of the latter (Moon, Skelly, Towsley 1999; Zhang, Liu, Xia 2002). Drifts beyond 500
 * ppm are ruled out (the frequency tolerance that RFC 5905 allows for). The interval is that of all
 * lines which remain, at the middle of the samples; the point estimate is the middle of the widest
 * corridor between both directions, or of the level corridor where the drift is not known.
 *
 * @param originNanos the middle of the samples, in ns by A's clock
 * @param originOffsetNanos the estimate of the offset there, in ns; 0 without samples
 * @param slope ns of offset gained per ns by the line that {@link #offsetNanos} follows; not 0
 *     where the drift is known, or where no level line fits the samples
 * @param lowSeconds the least offset the samples allow at the origin; empty without backward ones
 * @param highSeconds the greatest offset the samples allow at the origin; empty without forward
 *     ones
 * @param driftPpm by how much B's clock runs fast against A's; stated only with at least 10 samples
 *     and 10 s in each direction, and where the drifts still possible span at most 50 ppm
 * @param samples how many segments this rests on, both directions together
 * @param consistent whether one line fits between both directions. If not, a clock was set back
 *     while the captures ran, or set too often, or the points are not what they were taken for; low
 *     and high then span every sample
 * @param steps where the clock was set while the captures ran, in the order of time; the offset and
 *     its bounds are those before the first of them
 */
public record Clock(
    long originNanos,
    long originOffsetNanos,
    double slope,
    OptionalDouble lowSeconds,
    OptionalDouble highSeconds,
    OptionalDouble driftPpm,
    int samples,
    boolean consistent,
    List<Step> steps) {
  private static final double NANOS = 1e9;

  public Clock {
    steps = List.copyOf(steps);
  }

  /**
   * A clock that was set.
   *
   * @param atNanos when, in ns by A's clock: between the samples around it
   * @param sizeNanos by how much the offset is higher afterwards, in ns
   */
  public record Step(long atNanos, long sizeNanos) {}

  /** The clock of the first capture against itself: offset 0, for certain, and no drift. */
  public static Clock identity() {
    OptionalDouble none = OptionalDouble.of(0);
    return new Clock(0, 0, 0, none, none, none, 0, true, List.of());
  }

  /**
   * Fits a clock to segments that were matched one to one. Arrays are not changed, need no order,
   * and may be longer than the count that goes with them.
   *
   * <p>With one direction only, the other bound is empty and the least delay is taken for none;
   * without any sample both bounds are empty and the offset is 0.
   *
   * @param forwardTimes when segments from A to B passed A, in ns by A's clock
   * @param forwardDiffs their time at B by B's clock less their time at A, in ns
   * @param n how many of these there are
   * @param backwardTimes when segments from B to A passed A, in ns by A's clock
   * @param backwardDiffs their time at B by B's clock less their time at A, in ns
   * @param m how many of these there are
   */
  public static Clock fit(
      long[] forwardTimes,
      long[] forwardDiffs,
      int n,
      long[] backwardTimes,
      long[] backwardDiffs,
      int m) {
    return ClockSteps.fit(
        new ClockSamples(forwardTimes, forwardDiffs, n),
        new ClockSamples(backwardTimes, backwardDiffs, m));
  }

  Clock withSteps(List<Step> found) {
    return new Clock(
        originNanos,
        originOffsetNanos,
        slope,
        lowSeconds,
        highSeconds,
        driftPpm,
        samples,
        consistent,
        found);
  }

  /** What to add to this time of A, in ns, to get B's; follows the drift where it is known. */
  public long offsetNanos(long atNanos) {
    long offset = originOffsetNanos + Math.round(slope * (atNanos - originNanos));
    for (Step step : steps) {
      offset += atNanos >= step.atNanos() ? step.sizeNanos() : 0;
    }
    return offset;
  }

  /** The time of A, in ns, when B showed this time: the other way round. */
  public long referenceNanos(long atNanos) {
    long reference = atNanos - originOffsetNanos;
    for (int i = 0; i < 3; i++) { // Drifts are below 0.1 %, so each round gains three digits.
      reference = atNanos - offsetNanos(reference);
    }
    return reference;
  }

  /** How far apart the two bounds of the offset are, in s; empty where one of them is unknown. */
  public OptionalDouble widthSeconds() {
    return lowSeconds.isPresent() && highSeconds.isPresent()
        ? OptionalDouble.of(highSeconds.getAsDouble() - lowSeconds.getAsDouble())
        : OptionalDouble.empty();
  }

  /** The estimate of the offset in the middle of the samples, in s; 0 without samples. */
  public double offsetSeconds() {
    return originOffsetNanos / NANOS;
  }
}
