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
    List<Pair> all = new ArrayList<>();
    for (int i = 0; i < shared.size(); i++) {
      if (shared.bits(i) >= LEAST_BITS) {
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
