package org.mssbridge.flow;

import java.util.Arrays;

/** A growing list of longs. */
public final class LongList {
  private static final int SAMPLE = 4096;

  /** Many lists stay empty. */
  private static final long[] NONE = {};

  private static final int FIRST_VALUES = 8;

  private long[] values = NONE;
  private int size;

  public void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.max(FIRST_VALUES, size * 2));
    }
    values[size++] = value;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int size() {
    return size;
  }

  public long get(int index) {
    return values[index];
  }

  public long[] toArray() {
    return Arrays.copyOf(values, size);
  }

  /** The values, which must fit into ints. */
  public int[] toIntArray() {
    int[] narrow = new int[size];
    for (int i = 0; i < size; i++) {
      narrow[i] = Math.toIntExact(values[i]);
    }
    return narrow;
  }

  /** The number of values below a bound, in an ascending list. */
  public int countBelow(long bound) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (values[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The median; where there are very many values, of an evenly spaced sample. */
  public long median() {
    int step = Math.max(1, size / SAMPLE);
    long[] sample = new long[(size + step - 1) / step];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = values[i * step];
    }
    Arrays.sort(sample);
    return sample[sample.length / 2];
  }
}
