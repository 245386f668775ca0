package org.mssbridge.casefile;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Formats times for the case file: UTC with nine fractional digits, so that sorting as text sorts
 * by time.
 */
public final class Times {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final long NANOS = 1_000_000_000L;

  private Times() {}

  static String of(Instant time) {
    return FORMAT.format(time);
  }

  /** Formats nanoseconds since 1970. */
  public static String ofNanos(long nanos) {
    return of(Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS)));
  }

  /**
   * Nanoseconds since 1970.
   *
   * @throws ArithmeticException if they are more than a long holds: before 1677 or after 2262
   */
  static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS), time.getNano());
  }

  /** Nanoseconds since 1970 of a time as the case file has it. */
  static long nanos(String time) {
    return nanos(Instant.parse(time));
  }

  static String ofLocal(LocalDateTime time) {
    return of(time.toInstant(ZoneOffset.UTC));
  }
}
