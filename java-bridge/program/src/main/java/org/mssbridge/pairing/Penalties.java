package org.mssbridge.pairing;

import java.util.Arrays;
import java.util.stream.Stream;

/** The cost in bits of a contradiction within a pair, for each {@link FeatureKind}. */
final class Penalties {
  /** The number of known pairs needed to learn which features the devices between keep. */
  private static final int MIN_KNOWN = 3;

  private final double[] bits;

  private Penalties(double[] bits) {
    this.bits = bits;
  }

  /**
   * The penalties without any known pair. A header feature that no connection has on both sides is
   * rewritten, and costs nothing.
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

  /**
   * Penalties learned from known pairs: the more of them agree in a kind, the more a contradiction
   * costs.
   */
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
      if (kind.penaltyBits > 0 && known >= MIN_KNOWN) {
        double likelier = Bits.of((known + 2.0) / (contradictions[k] + 1.0));
        learned[k] = Math.min(2.0 * kind.penaltyBits, likelier);
      }
    }
    return new Penalties(learned);
  }

  /** The cost of a contradiction in that kind. */
  double bits(FeatureKind kind) {
    return bits[kind.index()];
  }
}
