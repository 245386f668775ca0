package org.mssbridge.cli;

import java.time.Instant;

/** The time that a report names for its run. */
final class RunTime {
  /** Seconds since 1970; see reproducible-builds.org, "SOURCE_DATE_EPOCH". */
  private static final String FIXED = "SOURCE_DATE_EPOCH";

  private RunTime() {}

  /** Now, or what the environment fixes, so that reports can be compared byte for byte. */
  static Instant now() {
    String fixed = System.getenv(FIXED);
    try {
      return fixed == null ? Instant.now() : Instant.ofEpochSecond(Long.parseLong(fixed));
    } catch (NumberFormatException e) {
      return Instant.now();
    }
  }
}
