package org.mssbridge.clock;

/** Sorts the first elements of two arrays together, in place, by heap sort. */
final class PairSort {
  private PairSort() {}

  /** Sorts by the first array and moves the values of the second along. */
  static void byFirst(double[] keys, double[] values, int size) {
    for (int root = size / 2 - 1; root >= 0; root--) {
      sift(keys, values, root, size);
    }
    for (int end = size - 1; end > 0; end--) {
      swap(keys, values, 0, end);
      sift(keys, values, 0, end);
    }
  }

  private static void sift(double[] keys, double[] values, int from, int end) {
    int root = from;
    for (int child = 2 * root + 1; child < end; child = 2 * root + 1) {
      if (child + 1 < end && keys[child] < keys[child + 1]) {
        child++;
      }
      if (keys[root] >= keys[child]) {
        return;
      }
      swap(keys, values, root, child);
      root = child;
    }
  }

  private static void swap(double[] keys, double[] values, int a, int b) {
    double key = keys[a];
    keys[a] = keys[b];
    keys[b] = key;
    double value = values[a];
    values[a] = values[b];
    values[b] = value;
  }
}
