package org.mssbridge.pairing;

import java.util.ArrayList;
import java.util.List;

/**
 * The evidence that two sightings are the same connection.
 *
 * @param features the evidence from their features, in the role assignment that fits better
 * @param rolesSwapped whether, in that assignment, the client of one is the server of the other
 * @param timeBits the evidence from their times, 0 where these cannot be compared
 * @param bits the evidence for the pair; below 0 where there is more against it
 */
record PairScore(FeatureScore features, boolean rolesSwapped, double timeBits, double bits) {
  /** The fewest bits that are worth naming among the reasons. */
  private static final double NAMED_BITS = 2;

  /**
   * The evidence from the features of two sightings. Sets of kinds are {@link FeatureKind#mask
   * masks}.
   *
   * @param bits the evidence for the pair minus the evidence against it
   * @param crowdBits the bits lost because many connections have the same content
   * @param named the kinds that agree and are worth naming among the reasons
   * @param proof what the agreement rests on
   */
  record FeatureScore(double bits, double crowdBits, int named, Proof proof) {}

  /** The bits that the pair loses because many connections have the same content. */
  double crowdBits() {
    return features.crowdBits();
  }

  /** Whether the sightings agree in that kind by so much that it is worth naming. */
  boolean names(FeatureKind kind) {
    return (features.named() & kind.mask()) != 0;
  }

  /** Equal where the {@link #reasons} are, within one comparison: above the kinds, the time. */
  int reasonsKey() {
    return features.named() | (isNamed(timeBits) ? 1 << FeatureKind.COUNT : 0);
  }

  /** The reasons for the pair in words, strongest first. */
  List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    for (FeatureKind kind : FeatureKind.values()) {
      boolean named = names(kind) && !kind.word.isEmpty();
      if (named && !reasons.contains(kind.word)) {
        reasons.add(kind.word);
      }
    }
    if (isNamed(timeBits)) {
      reasons.add("time");
    }
    return reasons;
  }

  /** Whether evidence of that many bits is worth naming among the reasons. */
  static boolean isNamed(double bits) {
    return bits >= NAMED_BITS;
  }
}
