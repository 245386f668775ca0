package org.mssbridge.pairing;

import java.util.BitSet;
import org.mssbridge.flow.LongList;

/** Pairs that are certain, and what they show together; others are judged by it. */
final class KnownPairs {
  private final LongList pairs = new LongList();
  private final BitSet swapped = new BitSet();
  private final int[] agreements = new int[FeatureKind.COUNT];
  private final int[] contradictions = new int[FeatureKind.COUNT];

  /**
   * Adds a pair.
   *
   * @param pair {@link PackedPair packed}
   */
  void add(long pair, FeatureTally features) {
    swapped.set(pairs.size(), features.areRolesSwapped());
    pairs.add(pair);
    int differ = features.contradicted();
    count(contradictions, differ);
    count(agreements, features.agreed() & ~differ);
  }

  private static void count(int[] counts, int kinds) {
    for (int left = kinds; left != 0; left &= left - 1) {
      counts[Integer.numberOfTrailingZeros(left)]++;
    }
  }

  int size() {
    return pairs.size();
  }

  /** The pairs, {@link PackedPair packed}. */
  long[] packed() {
    return pairs.toArray();
  }

  /** The connection of the first capture. */
  int first(int number) {
    return PackedPair.first(pairs.get(number));
  }

  /** The connection of the second capture. */
  int second(int number) {
    return PackedPair.second(pairs.get(number));
  }

  /** Whether the client of one is the server of the other. */
  boolean isSwapped(int number) {
    return swapped.get(number);
  }

  /** How many pairs agree in that kind, and contradict each other in no direction. */
  int agreements(FeatureKind kind) {
    return agreements[kind.index()];
  }

  /** How many pairs contradict each other in that kind. */
  int contradictions(FeatureKind kind) {
    return contradictions[kind.index()];
  }
}
