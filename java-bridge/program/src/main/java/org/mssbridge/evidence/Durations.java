package org.mssbridge.evidence;

import java.util.Arrays;

/**
 * Any number of spans of time, in ns. Some thousand are kept as they are; of more, each is counted
 * in one of 32 classes for each power of two, so that a percentile is off by 2 % at most.
 */
public final class Durations {
  private static final int MOST_EXACT = 4096;
  private static final int CLASS_BITS = 5;

  private long[] nanos = new long[4];
  private int[] classes;
  private int count;
  private long sumNanos;
  private long mostNanos;

  void add(long span) {
    long positive = Math.max(0, span); // Coarse timestamps may differ the wrong way.
    sumNanos += positive;
    mostNanos = Math.max(mostNanos, positive);
    if (classes == null && count == MOST_EXACT) {
      classes = new int[64 << CLASS_BITS];
      for (int i = 0; i < count; i++) {
        classes[classOf(nanos[i])]++;
      }
      nanos = new long[0];
    }
    if (classes != null) {
      classes[classOf(positive)]++;
    } else {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count] = positive;
    }
    count++;
  }

  private static int classOf(long span) {
    int shift = Math.max(0, 63 - CLASS_BITS - Long.numberOfLeadingZeros(span | 1));
    return (shift << CLASS_BITS) + (int) (span >>> shift);
  }

  /** The middle of a class. */
  private static long middle(int number) {
    int shift = Math.max(0, (number >> CLASS_BITS) - 1);
    long first = (long) (number - (shift << CLASS_BITS)) << shift;
    return first + ((1L << shift) >> 1);
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** All of them together. */
  public long sumNanos() {
    return sumNanos;
  }

  /** The longest one; 0 where there is none. */
  public long mostNanos() {
    return mostNanos;
  }

  /** Half of them are this long or shorter; 0 where there is none. */
  public long medianNanos() {
    return percentileNanos(0.5);
  }

  /** That share of them, from 0 to 1, is this long or shorter; 0 where there is none. */
  public long percentileNanos(double share) {
    int rank = (int) (share * (count - 1));
    if (count == 0) {
      return 0;
    }
    if (classes == null) {
      Arrays.sort(nanos, 0, count);
      return nanos[rank];
    }
    int number = -1;
    for (int seen = 0; seen <= rank; seen += classes[number]) {
      number++;
    }
    return Math.min(mostNanos, middle(number));
  }
}
