package org.mssbridge.capturefile;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * What a time stamp of an interface counts (draft-ietf-opsawg-pcapng, section 4.2).
 *
 * @param code the value of {@code if_tsresol}, 0..255: powers of ten below 128, powers of two from
 *     there
 * @param offset_s the value of {@code if_tsoffset}: seconds to add
 */
record TimeResolution(int code, long offset_s) {
  static final TimeResolution MICROSECONDS = new TimeResolution(6, 0);
  static final TimeResolution NANOSECONDS = new TimeResolution(9, 0);

  /** Of an interface whose description cannot be read: any time matches. */
  static final TimeResolution UNKNOWN = new TimeResolution(127, 0);

  private static final int OPT_ENDOFOPT = 0;
  private static final int IF_TSRESOL = 9;
  private static final int IF_TSOFFSET = 14;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /**
   * What the options of an interface say, from one byte up to another; microseconds if they say
   * nothing.
   */
  static TimeResolution of(ByteBuffer options, int from, int to) {
    int code = MICROSECONDS.code;
    long offset_s = 0;
    int at = from;
    while (to - at >= 4 && options.getShort(at) != OPT_ENDOFOPT) {
      int length = options.getShort(at + 2) & 0xFFFF;
      int next = at + 4 + ((length + 3) & ~3);
      if (next > to) {
        return UNKNOWN;
      }
      if (options.getShort(at) == IF_TSRESOL && length == 1) {
        code = options.get(at + 4) & 0xFF;
      } else if (options.getShort(at) == IF_TSOFFSET && length == 8) {
        offset_s = options.getLong(at + 4);
      }
      at = next;
    }
    return code == MICROSECONDS.code && offset_s == 0
        ? MICROSECONDS
        : new TimeResolution(code, offset_s);
  }

  /**
   * Whether a time stamp is the time that tshark told. tshark 4.0 works in 64 bits: beyond 10⁻¹⁰
   * and 2⁻³⁴ its nanoseconds overflow, so there the seconds alone are compared, and beyond 64 bits
   * nothing is.
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

  /**
   * The time in nanoseconds since 1970, cut to whole ones; the least or greatest number where 64
   * bits do not hold it.
   */
  long epochNanos(long ticks) {
    long perSecond = unitsPerSecond();
    if (perSecond > 0 && perSecond <= NANOS_PER_SECOND && ticks >= 0) { // as nearly all files
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

  /** An unsigned number; 0 if it has more than 64 bits. */
  private long unitsPerSecond() {
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
