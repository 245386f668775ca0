package org.mssbridge.evidence;

import org.mssbridge.alignment.Comparison;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;

/**
 * What two captures have in common: connections, or at least time. A connection that is in both
 * shows how far their clocks differ; without one, only the clocks themselves are known.
 *
 * @param sharesConnection whether a connection is in both
 * @param isTimed whether both have times
 * @param isFirstEarlier whether the first of them began before the other, by their own clocks
 * @param nanos for how long both ran at the same time by their own clocks; negative is the time
 *     from the end of one to the beginning of the other
 */
public record Overlap(
    boolean sharesConnection, boolean isTimed, boolean isFirstEarlier, long nanos) {
  /** A clock that nothing sets drifts by some seconds a week (100 ppm are 60 s). */
  private static final long USUAL_CLOCK_ERROR_NANOS = 60_000_000_000L;

  /** What two captures of a comparison have in common. */
  public static Overlap of(Comparison comparison, CapturePoint point, CapturePoint other) {
    PointCapture one = comparison.capture(point);
    PointCapture two = comparison.capture(other);
    boolean sharesConnection =
        comparison.connections().stream()
            .anyMatch(
                traced -> traced.at().at(point).isPresent() && traced.at().at(other).isPresent());
    boolean isTimed = one.extent().hasTime() && two.extent().hasTime();
    return new Overlap(
        sharesConnection,
        isTimed,
        isTimed && one.coverage().fromNanos() < two.coverage().fromNanos(),
        isTimed
            ? Math.min(one.coverage().untilNanos(), two.coverage().untilNanos())
                - Math.max(one.coverage().fromNanos(), two.coverage().fromNanos())
            : 0);
  }

  /** Whether no connection can be in both, unless a clock is wrong. */
  public boolean isApart() {
    return !sharesConnection && isTimed && nanos < 0;
  }

  /** Whether a clock that is wrong must be so by more than those of hosts usually are. */
  public boolean isFarApart() {
    return isApart() && nanos < -USUAL_CLOCK_ERROR_NANOS;
  }
}
