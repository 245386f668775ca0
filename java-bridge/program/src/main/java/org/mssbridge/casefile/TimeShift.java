package org.mssbridge.casefile;

import java.util.Arrays;
import java.util.Optional;
import org.mssbridge.evidence.LevelShift;

/**
 * From when on times are others than before.
 *
 * @param first the place of the first one after the change
 * @param beforeNanos median before
 * @param afterNanos median after
 */
record TimeShift(int first, long beforeNanos, long afterNanos) {
  /** A smaller change of the median is not worth a word. */
  private static final long LEAST_NANOS = 10_000_000L;

  private static final double LEAST_SHARE = 0.2;

  /**
   * The change of level of some times; empty where there is none, it is small, or it may be a mere
   * difference between pairs.
   *
   * @param nanos in the order of time
   * @param pairs the number of the pair of each; a pair may be of another network than others, so a
   *     change must show within pairs or between enough of them
   */
  static Optional<TimeShift> of(long[] nanos, int[] pairs) {
    return LevelShift.of(nanos)
        .filter(shift -> Math.abs(shift.size()) >= LEAST_NANOS)
        .filter(
            shift ->
                Math.abs(shift.size()) >= LEAST_SHARE * Math.min(shift.before(), shift.after()))
        .filter(shift -> isClear(nanos.length, pairs, shift.index()))
        .map(shift -> new TimeShift(shift.index(), shift.before(), shift.after()));
  }

  /** Whether the change is no mere difference between pairs. */
  private static boolean isClear(int count, int[] pairs, int first) {
    int most = Arrays.stream(pairs).max().orElse(0) + 1;
    int[] before = new int[most];
    int[] after = new int[most];
    for (int i = 0; i < count; i++) {
      (i < first ? before : after)[pairs[i]]++;
    }
    int onlyBefore = 0;
    int onlyAfter = 0;
    long withinBefore = 0;
    long withinAfter = 0;
    for (int pair = 0; pair < most; pair++) {
      if (before[pair] > 0 && after[pair] > 0) {
        withinBefore += before[pair];
        withinAfter += after[pair];
      } else {
        onlyBefore += before[pair] > 0 ? 1 : 0;
        onlyAfter += after[pair] > 0 ? 1 : 0;
      }
    }
    return Onset.isClear(
            withinBefore + withinAfter, withinAfter, withinBefore, Onset.AMONG_CONNECTIONS)
        || Onset.isClear(onlyBefore + onlyAfter, onlyAfter, onlyBefore, Onset.AMONG_PAIRS);
  }
}
