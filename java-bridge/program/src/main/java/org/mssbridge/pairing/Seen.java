package org.mssbridge.pairing;

import java.util.HashMap;
import java.util.Map;

/** How often each value was seen. */
final class Seen {
  private static final double UNUSUAL_BITS = -9;

  /** How likely something new is after one case of something else. */
  private static final double NEW = 0.15;

  /** There are often few values, so the first one needs no map. */
  private long firstValue;

  private int firstCount;

  /** Of all other values; null where there is none. */
  private Map<Long, Integer> others;

  private int total;

  void add(long value, int times) {
    total += times;
    if (firstCount == 0 || value == firstValue) {
      firstValue = value;
      firstCount += times;
      return;
    }
    if (others == null) {
      others = new HashMap<>();
    }
    others.merge(value, times, Integer::sum);
  }

  /** Bits for a value: up to {@code most} for what is usual, down to {@link #UNUSUAL_BITS}. */
  double bits(long value, double most) {
    return bits(count(value), total, others == null ? 1 : 1 + others.size(), most);
  }

  /**
   * The same from counts.
   *
   * @param count how often the value was seen
   * @param total how often any was
   * @param kinds the number of values
   */
  static double bits(int count, int total, int kinds, double most) {
    if (total == 0) {
      return 0;
    }
    if (count > 0) {
      return Math.max(0, most + Bits.of(count / (total + 1.0)));
    }
    double likely = kinds == 1 ? NEW / total : (kinds - 1 + NEW) / total;
    return Math.max(UNUSUAL_BITS, Math.min(0, Bits.of(likely)));
  }

  boolean has(long value) {
    return count(value) > 0;
  }

  /** Whether any was seen. */
  boolean isAny() {
    return total > 0;
  }

  private int count(long value) {
    if (firstCount > 0 && value == firstValue) {
      return firstCount;
    }
    return others == null ? 0 : others.getOrDefault(value, 0);
  }
}
