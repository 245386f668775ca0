package org.mssbridge.finding;

import java.util.Locale;

/** Writes spans of time for people. */
public final class Spans {
  private Spans() {}

  /** Such as {@code 314 ms} or {@code 85 µs}; no more digits than tell something. */
  public static String text(long nanos) {
    double absolute = Math.abs((double) nanos);
    if (absolute < 1e6) {
      return String.format(Locale.ROOT, "%.0f µs", nanos / 1e3);
    }
    if (absolute < 1e8) {
      return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }
    return absolute < 1e10
        ? String.format(Locale.ROOT, "%.0f ms", nanos / 1e6)
        : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
