package org.mssbridge.model;

import java.util.Locale;

/** Numbers as readers see them. */
public final class Numbers {
  private static final int FEW_DIGITS = 10_000;

  private Numbers() {}

  /**
   * A count with its thousands grouped from five digits on, such as {@code 21,720}; fewer digits
   * are read at a glance, and sizes such as 1460 are always written that way.
   */
  public static String grouped(long number) {
    return Math.abs(number) < FEW_DIGITS
        ? Long.toString(number)
        : String.format(Locale.ROOT, "%,d", number);
  }

  /** A number of things, such as {@code 1 SYN} or {@code 12,007 SYNs}. */
  public static String count(long number, String what) {
    return grouped(number) + " " + what + (number == 1 ? "" : "s");
  }
}
