package org.mssbridge.capturefile;

import java.math.BigInteger;

/**
 * The unit and the offset of an interface's time stamps (draft-ietf-opsawg-pcapng, section 4.2).
 *
 * @param code the value of {@code if_tsresol}, 0..255: powers of ten below 128, powers of two from
 *     128 on
 * @param offset_s the value of {@code if_tsoffset}: seconds to add
 */
record TimeResolution(int code, long offset_s) {
  static final TimeResolution MICROSECONDS = new TimeResolution(6, 0);
  static final TimeResolution NANOSECONDS = new TimeResolution(9, 0);

  /** The resolution of an interface whose description cannot be read: any time matches. */
  static final TimeResolution UNKNOWN = new TimeResolution(127, 0);

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** The powers of ten down to a nanosecond, by {@code code}. */
  private static final int[] NANOS_PER_TICK = {
    1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1
  };

  /** Seconds have 32 bits in pcap and in tshark's output. */
  private static final long MOST_EXACT_NANOS = NANOS_PER_SECOND << 32;

  /**
   * The time in nanoseconds since 1970 if it is exact and every version of tshark reads it the
   * same, otherwise {@link CaptureRecords#NO_TIME}. Not all versions add the offset.
   */
  long exactNanos(long ticks) {
    if (code >= NANOS_PER_TICK.length || offset_s != 0) {
      return CaptureRecords.NO_TIME;
    }
    long nanos = ticks * NANOS_PER_TICK[code];
    boolean isWhole = Math.multiplyHigh(ticks, NANOS_PER_TICK[code]) == 0;
    return isWhole && nanos >= 0 && nanos < MOST_EXACT_NANOS ? nanos : CaptureRecords.NO_TIME;
  }

  /**
   * Whether a time stamp is the time that tshark reported. tshark 4.0 calculates in 64 bits: for
   * units finer than 10⁻¹⁰ or 2⁻³⁴ its nanoseconds overflow, so only the seconds are compared, and
   * if the units per second exceed 64 bits, nothing is.
   */
  boolean matches(long ticks, long epochNanos) {
    long unitsPerSecond = unitsPerSecond();
    if (unitsPerSecond == 0) {
      return true;
    }
    long seconds = Long.divideUnsigned(ticks, unitsPerSecond) + offset_s;
    if (seconds != Math.floorDiv(epochNanos, NANOS_PER_SECOND)) {
      return false;
    }
    long fraction = Long.remainderUnsigned(ticks, unitsPerSecond);
    if (Math.multiplyHigh(unitsPerSecond, NANOS_PER_SECOND) != 0 || unitsPerSecond < 0) {
      return true;
    }
    long nanos = Long.divideUnsigned(fraction * NANOS_PER_SECOND, unitsPerSecond);
    return nanos == Math.floorMod(epochNanos, NANOS_PER_SECOND);
  }

  /** The time in nanoseconds since 1970, rounded down, and limited to the range of 64 bits. */
  long epochNanos(long ticks) {
    long perSecond = unitsPerSecond();
    if (perSecond > 0 && perSecond <= NANOS_PER_SECOND && ticks >= 0) { // nearly all files
      long seconds = ticks / perSecond + offset_s;
      if (Math.abs(seconds) < Long.MAX_VALUE / NANOS_PER_SECOND - 1) {
        return seconds * NANOS_PER_SECOND + ticks % perSecond * NANOS_PER_SECOND / perSecond;
      }
    }
    BigInteger units =
        code >= 0x80 ? BigInteger.TWO.pow(code & 0x7F) : BigInteger.TEN.pow(code & 0x7F);
    BigInteger nanos =
        new BigInteger(Long.toUnsignedString(ticks))
            .multiply(BigInteger.valueOf(NANOS_PER_SECOND))
            .divide(units)
            .add(BigInteger.valueOf(offset_s).multiply(BigInteger.valueOf(NANOS_PER_SECOND)));
    return nanos
        .max(BigInteger.valueOf(Long.MIN_VALUE))
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValue();
  }

  /** The units per second as an unsigned number; 0 if it exceeds 64 bits. */
  long unitsPerSecond() {
    int exponent = code & 0x7F;
    if (code >= 0x80) {
      return exponent < Long.SIZE ? 1L << exponent : 0;
    }
    if (exponent > 19) {
      return 0;
    }
    long units = 1;
    for (int i = 0; i < exponent; i++) {
      units *= 10;
    }
    return units;
  }
}
