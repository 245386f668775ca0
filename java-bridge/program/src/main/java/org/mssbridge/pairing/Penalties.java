package org.mssbridge.pairing;

import java.util.Arrays;
import java.util.stream.Stream;

/** What it costs a pair to contradict itself, in bits for each {@link FeatureKind}. */
final class Penalties {
  /** Pairs that have to be known before they tell what the devices between leave alone. */
  private static final int FEWEST_KNOWN = 3;

  private final double[] bits;

  private Penalties(double[] bits) {
    this.bits = bits;
  }

  /**
   * Without any known pair; what no connection has on both sides is rewritten, and says nothing.
   */
  static Penalties byDefault(FeatureIndex index) {
    double[] bits = new double[FeatureKind.COUNT];
    Arrays.stream(FeatureKind.values())
        .parallel()
        .forEach(
            kind -> {
              boolean rewritten = kind.isHeader() && index.countOnBothSides(kind) == 0;
              bits[kind.index()] = rewritten ? 0 : kind.penaltyBits;
            });
    return new Penalties(bits);
  }

  /** What nearly all known pairs agree in costs the more when it is contradicted. */
  Penalties learnedFrom(Stream<PairScore> knownPairs) {
    int[] agreements = new int[FeatureKind.COUNT];
    int[] contradictions = new int[FeatureKind.COUNT];
    knownPairs.forEach(
        score -> {
          for (FeatureKind kind : FeatureKind.values()) {
            if (score.contradicts(kind)) {
              contradictions[kind.index()]++;
            } else if (score.agrees(kind)) {
              agreements[kind.index()]++;
            }
          }
        });
    double[] learned = bits.clone();
    for (FeatureKind kind : FeatureKind.values()) {
      int k = kind.index();
      int known = agreements[k] + contradictions[k];
      if (kind.penaltyBits > 0 && known >= FEWEST_KNOWN) {
        double likelier = Bits.of((known + 2.0) / (contradictions[k] + 1.0));
        learned[k] = Math.min(2.0 * kind.penaltyBits, likelier);
      }
    }
    return new Penalties(learned);
  }

  /** What a contradiction in that kind costs. */
  double bits(FeatureKind kind) {
    return bits[kind.index()];
  }
}
