package org.mssbridge.evidence;

import org.mssbridge.clock.Clock;

/** How long a segment takes from one point to another, corrected for the offset of their clocks. */
public final class OneWayDelay {
  private OneWayDelay() {}

  /**
   * The time of the reference clock at which a segment passed the near point. Offsets are at an
   * instant of that clock; a clock that was set back shows an instant twice, so the other one says
   * which it is.
   */
  public static long referenceNanos(Clock near, long sentNanos, Clock far, long arrivedNanos) {
    return isSet(near) && !isSet(far)
        ? far.referenceNanos(arrivedNanos)
        : near.referenceNanos(sentNanos);
  }

  /**
   * The delay in ns.
   *
   * @param referenceNanos as {@link #referenceNanos} has it
   */
  public static long nanos(
      Clock near, long sentNanos, Clock far, long arrivedNanos, long referenceNanos) {
    return arrivedNanos
        - sentNanos
        - far.offsetNanos(referenceNanos)
        + near.offsetNanos(referenceNanos);
  }

  /** Whether a clock was set while the captures ran. */
  public static boolean isSet(Clock clock) {
    return !clock.steps().isEmpty();
  }
}
