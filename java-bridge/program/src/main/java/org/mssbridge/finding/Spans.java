package org.mssbridge.finding;

import java.util.Locale;

/** Formats spans of time for readers. */
public final class Spans {
  private Spans() {}

  /** Formats a span such as {@code 314 ms} or {@code 85 µs}, with three digits at most. */
  public static String text(long nanos) {
    double absolute = Math.abs((double) nanos);
    if (absolute < 999_500) {
      return String.format(Locale.ROOT, "%d µs", Math.round(nanos / 1e3));
    }
    if (absolute < 9.995e8) {
      return String.format(Locale.ROOT, absolute < 9.995e7 ? "%.1f ms" : "%.0f ms", nanos / 1e6);
    }
    return String.format(
        Locale.ROOT,
        absolute < 9.995e9 ? "%.2f s" : absolute < 9.995e10 ? "%.1f s" : "%.0f s",
        nanos / 1e9);
  }
}
