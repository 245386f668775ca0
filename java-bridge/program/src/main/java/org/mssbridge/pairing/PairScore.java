package org.mssbridge.pairing;

import java.util.ArrayList;
import java.util.List;

/**
 * How much speaks for two sightings being one connection.
 *
 * @param features what their features say, in the direction that fits better
 * @param turned whether the client of one is the server of the other in that direction
 * @param timeBits what their times say, 0 where these cannot be compared
 */
record PairScore(FeatureScore features, boolean turned, double timeBits) {
  /** What is worth naming among the reasons. */
  private static final double NAMED_BITS = 2;

  /**
   * What the features of two sightings say. Sets of kinds are {@link FeatureKind#mask masks}.
   *
   * @param bits what they agree in, minus what they contradict each other in
   * @param crowdBits what they lose because many connections have the same content
   * @param agreed the kinds in which at least one direction agrees
   * @param named those of them that are worth naming among the reasons
   * @param contradicted the kinds in which at least one direction differs
   */
  record FeatureScore(double bits, double crowdBits, int agreed, int named, int contradicted) {}

  /** All that speaks for the pair, in bits; below 0 where more speaks against it. */
  double bits() {
    return features.bits() + timeBits;
  }

  /** What the pair loses because many connections have the same content. */
  double crowdBits() {
    return features.crowdBits();
  }

  /** Whether the sightings agree in that kind, in one direction at least. */
  boolean agrees(FeatureKind kind) {
    return (features.agreed() & kind.mask()) != 0;
  }

  /** Whether the sightings differ in that kind, in one direction at least. */
  boolean contradicts(FeatureKind kind) {
    return (features.contradicted() & kind.mask()) != 0;
  }

  /** What the pair rests on, in words, strongest first. */
  List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    for (FeatureKind kind : FeatureKind.values()) {
      boolean named = (features.named() & kind.mask()) != 0 && !kind.word.isEmpty();
      if (named && !reasons.contains(kind.word)) {
        reasons.add(kind.word);
      }
    }
    if (timeBits >= NAMED_BITS) {
      reasons.add("time");
    }
    return reasons;
  }

  /** Whether evidence of that many bits is worth naming among the reasons. */
  static boolean isNamed(double bits) {
    return bits >= NAMED_BITS;
  }
}
