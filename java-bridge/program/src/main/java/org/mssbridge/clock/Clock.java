package org.mssbridge.clock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The clock of the second of two capture points against that of the first.
 *
 * <p>The offset is what to add to a time of the first clock to get the second's. A segment's
 * difference is its time at the second point minus its time at the first. Forward, from the first
 * point to the second, it is {@code offset + delay}, so the offset is at most the smallest forward
 * difference; backward it is {@code offset - delay}, so the offset is at least the greatest
 * backward difference. How the delay divides between the two directions cannot be known, hence an
 * interval and not one number.
 *
 * <p>Clocks are assumed to drift evenly: the offset over time is a line below every forward sample
 * and above every backward one, so it runs between the lower convex hull of the former and the
 * upper hull of the latter (Moon, Skelly, Towsley 1999; Zhang, Liu, Xia 2002). Drifts beyond 500
 * ppm are ruled out (the frequency tolerance that RFC 5905 allows for). The interval is that of all
 * remaining lines at the middle of the samples; the point estimate is the middle of the widest
 * corridor between both directions, or of the level corridor where the drift is not known.
 *
 * @param line the estimate
 * @param bounds what the samples allow at the line's origin
 * @param driftPpm by how much the second clock runs faster than the first; stated only with at
 *     least 10 samples and 10 s in each direction, and where the possible drifts span at most 50
 *     ppm
 * @param samples the number of segments used, both directions together
 * @param consistent whether one line fits between both directions. If not, a clock was set back
 *     while the captures ran, or set too often, or the segments were not paired correctly; the
 *     bounds then span every sample
 * @param even whether the delays of both directions vary as those of a path do. If not, one
 *     direction gains what the other one loses, and by more than can be told from a clock that is
 *     corrected little by little, or set often: nothing is known of the delay of one way
 * @param steps where the clock was set while the captures ran, in time order; the line and the
 *     bounds are those before the first of them
 */
public record Clock(
    Line line,
    Bounds bounds,
    OptionalDouble driftPpm,
    int samples,
    boolean consistent,
    boolean even,
    List<Step> steps) {
  private static final double NANOS = 1e9;
  private static final double LEAST_OFFSET_SECONDS = 5e-6;

  public Clock {
    steps = List.copyOf(steps);
  }

  /**
   * The offset over time.
   *
   * @param originNanos the middle of the samples, in ns by the first clock
   * @param offsetNanos the offset there, in ns; 0 without samples
   * @param slope ns of offset gained per ns; 0 unless the drift is known or no level line fits the
   *     samples
   */
  public record Line(long originNanos, long offsetNanos, double slope) {
    long atNanos(long nanos) {
      return offsetNanos + Math.round(slope * (nanos - originNanos));
    }
  }

  /**
   * The range of possible offsets.
   *
   * @param lowSeconds the lowest offset that the samples allow; empty without backward ones
   * @param highSeconds the highest offset that the samples allow; empty without forward ones
   */
  public record Bounds(OptionalDouble lowSeconds, OptionalDouble highSeconds) {
    static final Bounds UNKNOWN = new Bounds(OptionalDouble.empty(), OptionalDouble.empty());
  }

  /**
   * A moment at which the clock was set.
   *
   * @param atNanos when, in ns by the first clock: between the samples around it
   * @param sizeNanos by how much the offset is higher afterwards, in ns
   * @param marginNanos how much earlier or later than {@code atNanos} it may have been, in ns
   */
  public record Step(long atNanos, long sizeNanos, long marginNanos) {}

  /** The clock of the first capture against itself: exactly offset 0, and no drift. */
  public static Clock identity() {
    OptionalDouble zero = OptionalDouble.of(0);
    return new Clock(new Line(0, 0, 0), new Bounds(zero, zero), zero, 0, true, true, List.of());
  }

  /**
   * Fits a clock to segments that were matched one to one.
   *
   * <p>With one direction only, the other bound is empty and the smallest delay is assumed to be 0;
   * without any sample both bounds are empty and the offset is 0.
   *
   * @param forward segments from the first point to the second
   * @param backward segments from the second point to the first
   */
  public static Clock fit(ClockSamples forward, ClockSamples backward) {
    return ClockSteps.fit(forward, backward);
  }

  Clock withSteps(List<Step> found) {
    return new Clock(line, bounds, driftPpm, samples, consistent, even, found);
  }

  /** The same clock where its offset may have been anything between these in between. */
  Clock uneven(double lowSeconds, double highSeconds) {
    Bounds all = new Bounds(OptionalDouble.of(lowSeconds), OptionalDouble.of(highSeconds));
    return new Clock(line, all, OptionalDouble.empty(), samples, consistent, false, steps);
  }

  /**
   * Whether the samples allow that both are one clock; times are not known better than the
   * resolution of a capture.
   */
  public boolean allowsZero() {
    return consistent
        && steps.isEmpty()
        && lowSeconds().orElse(0) <= LEAST_OFFSET_SECONDS
        && highSeconds().orElse(0) >= -LEAST_OFFSET_SECONDS;
  }

  /**
   * The same clock with an offset that is known from elsewhere. Its drift and steps remain.
   *
   * @param offsetNanos at the origin
   */
  public Clock withOffset(long offsetNanos) {
    OptionalDouble exact = OptionalDouble.of(offsetNanos / NANOS);
    return new Clock(
        new Line(line.originNanos(), offsetNanos, line.slope()),
        new Bounds(exact, exact),
        driftPpm,
        samples,
        consistent,
        even,
        steps);
  }

  /** Whether the samples allow an offset at the origin, to the resolution of a capture. */
  public boolean allows(long offsetNanos) {
    double offset = offsetNanos / NANOS;
    return lowSeconds().orElse(offset) <= offset + LEAST_OFFSET_SECONDS
        && highSeconds().orElse(offset) >= offset - LEAST_OFFSET_SECONDS;
  }

  /** The clock of a third point against the first. */
  public Clock then(Clock next) {
    long originNanos = referenceNanos(next.originNanos());
    Line sum =
        new Line(
            originNanos,
            offsetNanos(originNanos) + next.line.offsetNanos(),
            line.slope() + next.line.slope() * (1 + line.slope()));
    List<Step> allSteps = new ArrayList<>(steps);
    for (Step step : next.steps) { // Their times are by the second clock.
      allSteps.add(new Step(referenceNanos(step.atNanos()), step.sizeNanos(), step.marginNanos()));
    }
    allSteps.sort(Comparator.comparingLong(Step::atNanos));
    return new Clock(
        sum,
        new Bounds(sum(lowSeconds(), next.lowSeconds()), sum(highSeconds(), next.highSeconds())),
        sum(driftPpm, next.driftPpm),
        Math.min(samples, next.samples),
        consistent && next.consistent,
        even && next.even,
        allSteps);
  }

  private static OptionalDouble sum(OptionalDouble one, OptionalDouble other) {
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(one.getAsDouble() + other.getAsDouble())
        : OptionalDouble.empty();
  }

  /**
   * The offset in ns to add to this time of the first clock to get the second's; follows the drift
   * where it is known.
   */
  public long offsetNanos(long atNanos) {
    return line.atNanos(atNanos) + stepsUntilNanos(atNanos);
  }

  /** By how much the clock was set until a time of the first clock, in ns. */
  long stepsUntilNanos(long atNanos) {
    long sum = 0;
    for (Step step : steps) {
      sum += atNanos >= step.atNanos() ? step.sizeNanos() : 0;
    }
    return sum;
  }

  /** The time of the first clock, in ns, at this time of the second clock. */
  public long referenceNanos(long atNanos) {
    long reference = atNanos - line.offsetNanos();
    for (int i = 0; i < 3; i++) { // Drifts are below 0.1 %, so each round gains three digits.
      reference = atNanos - offsetNanos(reference);
    }
    return reference;
  }

  /** The middle of the samples, in ns by the first clock: when the bounds hold. */
  public long originNanos() {
    return line.originNanos();
  }

  /** The lowest offset that the samples allow at the origin; empty without backward ones. */
  public OptionalDouble lowSeconds() {
    return bounds.lowSeconds();
  }

  /** The highest offset that the samples allow at the origin; empty without forward ones. */
  public OptionalDouble highSeconds() {
    return bounds.highSeconds();
  }

  /**
   * The distance between the two bounds of the offset, in s; empty where one of them is unknown.
   */
  public OptionalDouble widthSeconds() {
    OptionalDouble low = lowSeconds();
    OptionalDouble high = highSeconds();
    return low.isPresent() && high.isPresent()
        ? OptionalDouble.of(high.getAsDouble() - low.getAsDouble())
        : OptionalDouble.empty();
  }

  /** The estimated offset at the middle of the samples, in s; 0 without samples. */
  public double offsetSeconds() {
    return line.offsetNanos() / NANOS;
  }
}
