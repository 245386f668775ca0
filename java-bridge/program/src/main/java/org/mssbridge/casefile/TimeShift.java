package org.mssbridge.casefile;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * From when on times are others than before.
 *
 * @param first the place of the first one after the change
 * @param beforeMs median before
 * @param afterMs median after
 */
record TimeShift(int first, double beforeMs, double afterMs) {
  /** Fewer on one side show no level. */
  private static final int LEAST = 10;

  /** A smaller change of the median is not worth a word. */
  private static final double LEAST_MS = 10;

  private static final double LEAST_SHARE = 0.2;

  /** So many of all must be nearer to the level of their side than to the other one. */
  private static final double LEAST_FITTING = 0.9;

  /** So much of the change must be between the values next to it: otherwise it is a slow one. */
  private static final double LEAST_SUDDEN = 0.75;

  /**
   * The change of level that divides the values best by their ranks (the test of Mann and Whitney,
   * at the best of all places); empty where chance may explain it, or the medians hardly differ.
   *
   * @param values in the order of time, in ms
   * @param pairs the number of the pair of each; a pair may be of another network than others, so a
   *     change must show within pairs or between enough of them
   */
  static Optional<TimeShift> of(double[] values, int[] pairs) {
    int count = values.length;
    double[] ranks = ranks(values);
    double sum = 0;
    double most = 0;
    int first = -1;
    for (int i = 0; i < count - LEAST; i++) {
      sum += ranks[i];
      double size = i + 1.0;
      double deviation = Math.sqrt(size * (count - size) * (count + 1) / 12);
      double score = Math.abs(sum - size * (count + 1) / 2) / deviation;
      if (i + 1 >= LEAST && score > most) {
        most = score;
        first = i + 1;
      }
    }
    // Both tails of the normal distribution are below this; each place is one more chance.
    double tails = 2 * Math.exp(-most * most / 2) / (most * Math.sqrt(2 * Math.PI));
    if (first < 0 || count * tails > Onset.AMONG_CONNECTIONS) {
      return Optional.empty();
    }
    first = edge(values, median(values, 0, first), median(values, first, count));
    double before = median(values, 0, first);
    double after = median(values, first, count);
    double difference = Math.abs(after - before);
    return difference >= LEAST_MS
            && difference >= LEAST_SHARE * Math.min(before, after)
            && isSudden(values, first, difference)
            && isLevel(values, first, before, after)
            && isClear(values.length, pairs, first)
        ? Optional.of(new TimeShift(first, before, after))
        : Optional.empty();
  }

  /** The place that leaves the fewest values nearer to the level of the other side. */
  private static int edge(double[] values, double before, double after) {
    double middle = (before + after) / 2;
    int misfits = 0;
    int least = Integer.MAX_VALUE;
    int edge = LEAST;
    for (int i = 0; i < values.length - LEAST; i++) {
      misfits += (values[i] > middle) == (before > after) ? -1 : 1;
      if (i + 1 >= LEAST && misfits < least) {
        least = misfits;
        edge = i + 1;
      }
    }
    return edge;
  }

  private static boolean isSudden(double[] values, int first, double difference) {
    double before = median(values, first / 2, first);
    double after = median(values, first, first + (values.length - first) / 2);
    return Math.abs(after - before) >= LEAST_SUDDEN * difference;
  }

  /** Whether nearly all values are nearer to the level of their side. */
  private static boolean isLevel(double[] values, int first, double before, double after) {
    double middle = (before + after) / 2;
    long fitting =
        IntStream.range(0, values.length)
            .filter(i -> (values[i] > middle) == ((i < first) == (before > after)))
            .count();
    return fitting >= LEAST_FITTING * values.length;
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

  /** Ranks from 1; equal values have the middle of theirs. */
  private static double[] ranks(double[] values) {
    Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + 1 + to) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  /** The median of a range of values. */
  static double median(double[] values, int from, int to) {
    double[] sorted = Arrays.copyOfRange(values, from, to);
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }
}
