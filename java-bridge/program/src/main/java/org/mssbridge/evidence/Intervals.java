package org.mssbridge.evidence;

/**
 * Equal intervals of time, one after the other.
 *
 * @param fromNanos where the first begins, on the clock of the first capture
 * @param widthNanos of each, a number that people read at a glance
 * @param count how many
 */
public record Intervals(long fromNanos, long widthNanos, int count) {
  private static final long MICRO = 1_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final long DAY = 24 * 60 * MINUTE;

  /** Widths from a second on, below a day; shorter and longer ones are 1, 2 or 5 and zeros. */
  private static final long[] CLOCK_WIDTHS = {
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    60 * MINUTE,
    120 * MINUTE,
    180 * MINUTE,
    360 * MINUTE,
    720 * MINUTE,
    DAY
  };

  /** The narrowest: few segments pass in less. */
  private static final long LEAST_NANOS = 100 * MICRO;

  /**
   * The narrowest intervals of a round width that hold a time.
   *
   * @param fromNanos the first instant
   * @param untilNanos the last instant
   * @param most how many there may be, at least 1
   */
  static Intervals from(long fromNanos, long untilNanos, int most) {
    long width = LEAST_NANOS;
    while (count(fromNanos, untilNanos, width) > most) {
      width = wider(width);
    }
    return new Intervals(fromNanos, width, (int) count(fromNanos, untilNanos, width));
  }

  /** The same, where the first begins at a round time. */
  static Intervals aligned(long fromNanos, long untilNanos, int most) {
    long width = LEAST_NANOS;
    while (count(floor(fromNanos, width), untilNanos, width) > most) {
      width = wider(width);
    }
    long from = floor(fromNanos, width);
    return new Intervals(from, width, (int) count(from, untilNanos, width));
  }

  private static long floor(long nanos, long width) {
    return nanos - Math.floorMod(nanos, width);
  }

  private static long count(long fromNanos, long untilNanos, long width) {
    return Math.max(0, untilNanos - fromNanos) / width + 1;
  }

  private static long wider(long width) {
    for (long next : CLOCK_WIDTHS) {
      if (width >= SECOND && next > width) {
        return next;
      }
    }
    long unit = width > DAY ? DAY : LEAST_NANOS;
    while (10 * unit <= width) {
      unit *= 10;
    }
    return width < 2 * unit ? 2 * unit : width < 5 * unit ? 5 * unit : 10 * unit;
  }

  /** The number of the interval that holds an instant; the first or last one for those outside. */
  int index(long nanos) {
    return (int) Math.max(0, Math.min(count - 1L, Math.floorDiv(nanos - fromNanos, widthNanos)));
  }
}
