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
  void add(long pair, PairScore score) {
    swapped.set(pairs.size(), score.rolesSwapped());
    pairs.add(pair);
    for (int index = 0; index < FeatureKind.COUNT; index++) {
      FeatureKind kind = FeatureKind.at(index);
      if (score.contradicts(kind)) {
        contradictions[index]++;
      } else if (score.agrees(kind)) {
        agreements[index]++;
      }
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
