package org.mssbridge.alignment;

/**
 * Finds the marks that occur exactly once in each of two sorted lists. The upper bits are the mark.
 */
final class SingleMarks {
  /** The mark bits of entries that keep the mark in the upper half. */
  static final long UPPER_HALF = -1L << 32;

  /** Receives one entry of each list, mark and lower bits together. */
  interface Both {
    void accept(long first, long second);
  }

  private SingleMarks() {}

  /**
   * Reports every mark that occurs exactly once in each list, in one pass.
   *
   * @param markBits the bits that are the mark; the others belong to the caller
   */
  static void forEach(long[] first, long[] second, long markBits, Both both) {
    int j = 0;
    for (int i = 0; i < first.length; i++) {
      long mark = first[i] & markBits;
      while (j < second.length && (second[j] & markBits) < mark) {
        j++;
      }
      if (j < second.length
          && (second[j] & markBits) == mark
          && isSingle(first, i, markBits)
          && isSingle(second, j, markBits)) {
        both.accept(first[i], second[j]);
      }
    }
  }

  private static boolean isSingle(long[] sorted, int i, long markBits) {
    long mark = sorted[i] & markBits;
    return (i == 0 || (sorted[i - 1] & markBits) != mark)
        && (i + 1 == sorted.length || (sorted[i + 1] & markBits) != mark);
  }
}
