package org.mssbridge.clock;

import java.util.List;
import java.util.OptionalDouble;

/** Finds the lines that run below all forward samples and above all backward ones. */
final class ClockFit {
  private static final double NANOS = 1e9;
  private static final double PPM = 1e-6;

  /** The frequency tolerance of RFC 5905, beyond which a clock counts as broken. */
  private static final double MAX_DRIFT = 500 * PPM;

  /** The widest range of drifts worth stating: quartz clocks are off by tens of ppm anyway. */
  private static final double WIDEST_DRIFT_RANGE = 50 * PPM;

  private static final int MIN_SAMPLES = 10;
  private static final long SHORTEST_SPAN_NANOS = 10_000_000_000L;

  /** Timestamps are often whole microseconds, so each of two may be off by nearly one. */
  static final double ROUNDING_NANOS = 2_000;

  /**
   * Halvings, or cuts to two thirds, that narrow any range of drifts to the precision of a double.
   */
  private static final int STEPS = 120;

  private final ClockSamples forwardSamples;
  private final ClockSamples backwardSamples;
  private final long origin;
  private final long base;
  private final LowerHull forward;

  /** Mirrored: the lower hull of the negated differences. */
  private final LowerHull backward;

  /** A line fits if the distance between both directions is so much. */
  private final double leastCorridor;

  ClockFit(ClockSamples forward, ClockSamples backward) {
    this(forward, backward, -ROUNDING_NANOS);
  }

  /**
   * A fit in which the delays of both directions together are not too small.
   *
   * @param leastRoundTripNanos a line that makes them smaller than this does not fit
   */
  ClockFit(ClockSamples forward, ClockSamples backward, double leastRoundTripNanos) {
    this.leastCorridor = Math.max(-ROUNDING_NANOS, leastRoundTripNanos);
    this.forwardSamples = forward;
    this.backwardSamples = backward;
    long first = Math.min(forward.firstTime(), backward.firstTime());
    long last = Math.max(forward.lastTime(), backward.lastTime());
    this.origin = first <= last ? first + (last - first) / 2 : 0;
    long leastDiff = Math.min(forward.leastDiff(), backward.leastDiff());
    this.base = first <= last ? leastDiff : 0;
    this.forward = LowerHull.of(forward, origin, base, 1);
    this.backward = LowerHull.of(backward, origin, base, -1);
  }

  Clock clock() {
    if (forwardSamples.isEmpty() || backwardSamples.isEmpty()) {
      return oneDirection();
    }
    double drift = widestDrift();
    return corridor(drift) >= leastCorridor ? bothDirections(drift) : inconsistent(drift);
  }

  /** The delays of both directions together at the drift that makes them largest. */
  double roundTripNanos() {
    return corridor(widestDrift());
  }

  private double widestDrift() {
    double drift = peak(this::corridor, -MAX_DRIFT, MAX_DRIFT);
    return corridor(0) >= corridor(drift) - 1e-3 ? 0 : drift;
  }

  private Clock oneDirection() {
    OptionalDouble unknown = OptionalDouble.empty();
    if (!forwardSamples.isEmpty()) {
      OptionalDouble high = seconds(greatestUpper(-MAX_DRIFT, MAX_DRIFT));
      return clock(forward.intercept(0), 0, new Clock.Bounds(unknown, high), unknown);
    }
    if (!backwardSamples.isEmpty()) {
      OptionalDouble low = seconds(leastLower(-MAX_DRIFT, MAX_DRIFT));
      return clock(-backward.intercept(0), 0, new Clock.Bounds(low, unknown), unknown);
    }
    return clock(0, 0, Clock.Bounds.UNKNOWN, unknown);
  }

  private Clock bothDirections(double drift) {
    double least = edge(drift, -MAX_DRIFT);
    double most = edge(drift, MAX_DRIFT);
    double lower = leastLower(least, most);
    double upper = greatestUpper(least, most);
    // A wide range that excludes 0 still shows that they drift, and about by how much.
    boolean known =
        enoughSamples() && (most - least <= WIDEST_DRIFT_RANGE || least > 0 || most < 0);
    double slope = !known && corridor(0) >= Math.max(0, leastCorridor) ? 0 : drift;
    return clock(
        middle(slope),
        slope,
        new Clock.Bounds(seconds(Math.min(lower, upper)), seconds(Math.max(lower, upper))),
        known ? OptionalDouble.of(drift / PPM) : OptionalDouble.empty());
  }

  private Clock inconsistent(double drift) {
    long low = Math.min(forwardSamples.leastDiff(), backwardSamples.leastDiff());
    long high = Math.max(forwardSamples.greatestDiff(), backwardSamples.greatestDiff());
    return new Clock(
        new Clock.Line(origin, base + Math.round(middle(drift)), 0),
        new Clock.Bounds(OptionalDouble.of(low / NANOS), OptionalDouble.of(high / NANOS)),
        OptionalDouble.empty(),
        samples(),
        false,
        true,
        List.of());
  }

  private Clock clock(double offset, double slope, Clock.Bounds bounds, OptionalDouble driftPpm) {
    Clock.Line line = new Clock.Line(origin, base + Math.round(offset), slope);
    return new Clock(line, bounds, driftPpm, samples(), true, true, List.of());
  }

  private int samples() {
    return Math.addExact(forwardSamples.count, backwardSamples.count);
  }

  private boolean enoughSamples() {
    return Math.min(forwardSamples.count, backwardSamples.count) >= MIN_SAMPLES
        && Math.min(forwardSamples.spanNanos(), backwardSamples.spanNanos()) >= SHORTEST_SPAN_NANOS;
  }

  /**
   * The distance between both directions at this drift; a line of that slope fits if it is 0 or
   * more.
   */
  private double corridor(double drift) {
    return forward.intercept(drift) + backward.intercept(-drift);
  }

  private double middle(double drift) {
    return (forward.intercept(drift) - backward.intercept(-drift)) / 2;
  }

  private double greatestUpper(double leastDrift, double mostDrift) {
    return forward.intercept(peak(forward::intercept, leastDrift, mostDrift));
  }

  private double leastLower(double leastDrift, double mostDrift) {
    double drift = peak(d -> backward.intercept(-d), leastDrift, mostDrift);
    return -backward.intercept(-drift);
  }

  /** The last drift from {@code inside} towards {@code limit} at which a line still fits. */
  private double edge(double inside, double limit) {
    if (corridor(limit) >= 0) {
      return limit;
    }
    double fits = inside;
    double fails = limit;
    for (int i = 0; i < STEPS; i++) {
      double half = (fits + fails) / 2;
      if (corridor(half) >= 0) {
        fits = half;
      } else {
        fails = half;
      }
    }
    return fits;
  }

  private interface Concave {
    double at(double drift);
  }

  /** The argument that maximises a concave function, by ternary search. */
  private static double peak(Concave function, double from, double to) {
    double low = from;
    double high = to;
    for (int i = 0; i < STEPS; i++) {
      double third = (high - low) / 3;
      if (function.at(low + third) < function.at(high - third)) {
        low += third;
      } else {
        high -= third;
      }
    }
    return (low + high) / 2;
  }

  private OptionalDouble seconds(double aboveBase) {
    return OptionalDouble.of((base + Math.round(aboveBase)) / NANOS);
  }
}
