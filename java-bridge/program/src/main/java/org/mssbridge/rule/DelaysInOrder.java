package org.mssbridge.rule;

import java.util.Arrays;

/**
 * Delays of segments in the order of time; of very many, evenly thinned.
 *
 * @param times on the reference clock, ascending
 * @param delays of these, in ns
 * @param connections the numbers of their connections
 */
@SuppressWarnings("ArrayRecordComponent") // Columns of primitives that stay in the rule.
record DelaysInOrder(long[] times, long[] delays, int[] connections) {
  private static final int INDEX_BITS = 14;
  private static final int MOST = 1 << INDEX_BITS;
  private static final DelaysInOrder NONE = new DelaysInOrder(new long[0], new long[0], new int[0]);

  /** The first {@code count} of some columns, which are in any order. */
  static DelaysInOrder of(long[] times, long[] delays, int[] connections, int count) {
    if (count == 0) {
      return NONE;
    }
    int step = (count + MOST - 1) / MOST;
    int size = (count + step - 1) / step;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int i = 0; i < count; i += step) {
      first = Math.min(first, times[i]);
      last = Math.max(last, times[i]);
    }
    // Time and number of a sample are sorted together as one number.
    int shift = Math.max(0, INDEX_BITS + 1 - Long.numberOfLeadingZeros((last - first) | 1));
    long[] order = new long[size];
    for (int i = 0; i < size; i++) {
      order[i] = (times[i * step] - first) >> shift << INDEX_BITS | i;
    }
    Arrays.sort(order);
    DelaysInOrder sorted = new DelaysInOrder(new long[size], new long[size], new int[size]);
    for (int i = 0; i < size; i++) {
      int from = (int) (order[i] & (MOST - 1)) * step;
      sorted.times[i] = times[from];
      sorted.delays[i] = delays[from];
      sorted.connections[i] = connections[from];
    }
    return sorted;
  }

  int size() {
    return times.length;
  }

  /** How many are before a time. */
  int countBefore(long nanos) {
    int found = Arrays.binarySearch(times, nanos);
    int at = found >= 0 ? found : -found - 1;
    while (at > 0 && times[at - 1] >= nanos) {
      at--;
    }
    return at;
  }
}
