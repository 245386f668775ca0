package org.mssbridge.match;

import java.util.Arrays;

/** A growing list of longs. */
final class LongList {
  private static final int SAMPLE = 4096;

  private long[] values = new long[8];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  long get(int index) {
    return values[index];
  }

  long[] toArray() {
    return Arrays.copyOf(values, size);
  }

  long least() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      least = Math.min(least, values[i]);
    }
    return least;
  }

  /** The median; of an evenly spaced sample where there are very many. */
  long median() {
    int step = Math.max(1, size / SAMPLE);
    long[] sample = new long[(size + step - 1) / step];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = values[i * step];
    }
    Arrays.sort(sample);
    return sample[sample.length / 2];
  }
}
