package org.mssbridge.alignment;

/** Finds marks that stand once in each of two sorted lists. The upper bits are the mark. */
final class SingleMarks {
  /** Mark bits where marks are kept in the upper half. */
  static final long UPPER_HALF = -1L << 32;

  /** Takes an entry of either list, marks and lower bits together. */
  interface Both {
    void accept(long ours, long theirs);
  }

  private SingleMarks() {}

  /**
   * Walks through both lists once.
   *
   * @param markBits the bits that are the mark; the others belong to the caller
   */
  static void forEach(long[] ours, long[] theirs, long markBits, Both both) {
    int j = 0;
    for (int i = 0; i < ours.length; i++) {
      long mark = ours[i] & markBits;
      while (j < theirs.length && (theirs[j] & markBits) < mark) {
        j++;
      }
      if (j < theirs.length
          && (theirs[j] & markBits) == mark
          && isSingle(ours, i, markBits)
          && isSingle(theirs, j, markBits)) {
        both.accept(ours[i], theirs[j]);
      }
    }
  }

  private static boolean isSingle(long[] sorted, int i, long markBits) {
    long mark = sorted[i] & markBits;
    return (i == 0 || (sorted[i - 1] & markBits) != mark)
        && (i + 1 == sorted.length || (sorted[i + 1] & markBits) != mark);
  }
}
