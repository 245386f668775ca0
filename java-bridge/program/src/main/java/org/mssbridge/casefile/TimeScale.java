package org.mssbridge.casefile;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The step of a trend. Times in the case file with the same prefix belong to the same step. */
enum TimeScale {
  SECOND(19, ChronoUnit.SECONDS),
  MINUTE(16, ChronoUnit.MINUTES),
  HOUR(13, ChronoUnit.HOURS),
  DAY(10, ChronoUnit.DAYS),
  MONTH(7, ChronoUnit.MONTHS);

  private static final int MOST_STEPS = 240;

  /** Completes the prefix of a time. */
  private static final String EPOCH = "1970-01-01T00:00:00";

  private final int prefix;
  private final ChronoUnit unit;

  TimeScale(int prefix, ChronoUnit unit) {
    this.prefix = prefix;
    this.unit = unit;
  }

  /** The finest scale that divides a time range into at most {@value #MOST_STEPS} steps. */
  static TimeScale of(Optional<String> first, Optional<String> last) {
    for (TimeScale scale : values()) {
      if (first.isEmpty() || scale.count(first.get(), last.orElseThrow()) <= MOST_STEPS) {
        return scale;
      }
    }
    return MONTH;
  }

  /** The number of characters of a time that name its step. */
  int prefix() {
    return prefix;
  }

  /** Such as {@code day}. */
  String label() {
    String name = unit.toString().toLowerCase(Locale.ROOT);
    return name.substring(0, name.length() - 1);
  }

  private long count(String first, String last) {
    return unit.between(start(first), start(last)) + 1;
  }

  private LocalDateTime start(String time) {
    return LocalDateTime.parse(time.substring(0, prefix) + EPOCH.substring(prefix));
  }

  /** The start of a step, in seconds since 1970. */
  long epochSeconds(String step) {
    return start(step).toEpochSecond(ZoneOffset.UTC);
  }

  /** The prefix of a time, which names its step. */
  String step(String time) {
    return time.substring(0, prefix);
  }

  /** All steps from one time to another, without gaps. */
  List<String> steps(String first, String last) {
    List<String> steps = new ArrayList<>();
    LocalDateTime end = start(last);
    for (LocalDateTime at = start(first); !at.isAfter(end); at = at.plus(1, unit)) {
      steps.add(step(Times.ofLocal(at)));
    }
    return steps;
  }
}
