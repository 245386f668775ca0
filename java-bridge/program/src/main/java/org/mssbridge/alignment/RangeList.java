package org.mssbridge.alignment;

import java.util.Arrays;

/**
 * Collects byte ranges of transmissions; a range that continues the previous one is joined to it.
 */
final class RangeList {
  private int[] index = new int[4];
  private long[] start = new long[4];
  private long[] end = new long[4];
  private int size;

  void add(int transmission, long from, long to) {
    if (size > 0 && index[size - 1] == transmission && end[size - 1] == from) {
      end[size - 1] = to;
      return;
    }
    if (size == index.length) {
      index = Arrays.copyOf(index, size * 2);
      start = Arrays.copyOf(start, size * 2);
      end = Arrays.copyOf(end, size * 2);
    }
    index[size] = transmission;
    start[size] = from;
    end[size++] = to;
  }

  Alignment.Ranges toRanges() {
    return new Alignment.Ranges(
        Arrays.copyOf(index, size), Arrays.copyOf(start, size), Arrays.copyOf(end, size));
  }
}
