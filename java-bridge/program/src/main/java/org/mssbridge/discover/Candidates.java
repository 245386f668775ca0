package org.mssbridge.discover;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The pairs of captures that are worth comparing.
 *
 * @param pairs each once, the first with the lower number
 * @param crowded the captures with values that too many others have
 */
public record Candidates(List<Pair> pairs, Set<Integer> crowded) {
  /** So much evidence is worth a comparison: one value of 24 bits, or two that are shorter. */
  static final double LEAST_BITS = 23;

  /**
   * Among very many values some are equal by chance. So two captures that share less than one in so
   * many of what each of them shares with another are not compared.
   */
  private static final double LEAST_SHARE = 10_000;

  /** A capture is compared with so many others at most, those that share most. */
  static final int MOST_OF_A_CAPTURE = 64;

  /** Two captures to compare, by their numbers, and how much they agree in. */
  public record Pair(int first, int second, double bits) {}

  public Candidates {
    pairs = List.copyOf(pairs);
  }

  /**
   * The best pairs.
   *
   * @param captures number of captures
   */
  public static Candidates of(KeyTally shared, int captures) {
    double[] most = new double[captures];
    for (int i = 0; i < shared.size(); i++) {
      most[shared.first(i)] = Math.max(most[shared.first(i)], shared.bits(i));
      most[shared.second(i)] = Math.max(most[shared.second(i)], shared.bits(i));
    }
    List<Pair> all = new ArrayList<>();
    for (int i = 0; i < shared.size(); i++) {
      double least = Math.min(most[shared.first(i)], most[shared.second(i)]) / LEAST_SHARE;
      if (shared.bits(i) >= Math.max(LEAST_BITS, least)) {
        all.add(new Pair(shared.first(i), shared.second(i), shared.bits(i)));
      }
    }
    all.sort(
        Comparator.comparingDouble(Pair::bits)
            .reversed()
            .thenComparingInt(Pair::first)
            .thenComparingInt(Pair::second));
    Set<Integer> crowded = shared.crowded();
    int[] taken = new int[captures];
    List<Pair> best = new ArrayList<>();
    for (Pair each : all) {
      if (taken[each.first()] < MOST_OF_A_CAPTURE && taken[each.second()] < MOST_OF_A_CAPTURE) {
        taken[each.first()]++;
        taken[each.second()]++;
        best.add(each);
      } else {
        crowded.add(each.first());
        crowded.add(each.second());
      }
    }
    return new Candidates(best, crowded);
  }
}
