package org.mssbridge.finding;

import java.util.Locale;

/** Formats spans of time for readers. */
public final class Spans {
  private Spans() {}

  /** Formats a span such as {@code 314 ms} or {@code 85 µs}, with only the digits that matter. */
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
