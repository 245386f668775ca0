package org.mssbridge.pairing;

/**
 * The cost in bits of a contradiction within a pair, for each {@link FeatureKind}, and what
 * agreement in it is worth less because the devices between seldom keep it.
 */
final class Penalties {
  /** The number of known pairs needed to learn which features the devices between keep. */
  private static final int MIN_KNOWN = 3;

  /** No agreement is worth as much. */
  private static final double WORTHLESS_BITS = 64;

  private final double[] bits;
  private final double[] discount;

  private Penalties(double[] bits, double[] discount) {
    this.bits = bits;
    this.discount = discount;
  }

  /**
   * The penalties without any known pair. A header feature that no connection has on both sides is
   * rewritten, and costs nothing; agreement that may be chance is worth nothing.
   */
  static Penalties byDefault(FeatureIndex index) {
    double[] bits = new double[FeatureKind.COUNT];
    double[] discount = new double[FeatureKind.COUNT];
    for (FeatureKind kind : FeatureKind.values()) {
      boolean rewritten = kind.isHeader() && index.countOnBothSides(kind) == 0;
      bits[kind.index()] = rewritten ? 0 : kind.penaltyBits;
      discount[kind.index()] = index.isAccidental(kind) ? WORTHLESS_BITS : 0;
    }
    return new Penalties(bits, discount);
  }

  /**
   * Penalties learned from known pairs: the more of them agree in a kind, the more a contradiction
   * costs, and the more agreement is worth where it may be chance.
   */
  Penalties learnedFrom(KnownPairs pairs) {
    double[] learned = bits.clone();
    double[] learnedDiscount = discount.clone();
    for (FeatureKind kind : FeatureKind.values()) {
      int k = kind.index();
      int contradictions = pairs.contradictions(kind);
      int agreements = pairs.agreements(kind);
      int known = agreements + contradictions;
      if (kind.penaltyBits > 0 && known >= MIN_KNOWN) {
        double likelier = Bits.of((known + 2.0) / (contradictions + 1.0));
        learned[k] = Math.min(2.0 * kind.penaltyBits, likelier);
      }
      boolean mayBeChance =
          discount[k] > 0 || kind == FeatureKind.ISN || kind == FeatureKind.TIMESTAMP;
      if (mayBeChance && known > 0) {
        learnedDiscount[k] = Bits.of((known + 2.0) / (agreements + 1.0));
      }
    }
    return new Penalties(learned, learnedDiscount);
  }

  /** The cost of a contradiction in that kind. */
  double bits(FeatureKind kind) {
    return bits[kind.index()];
  }

  /** By how much agreement in that kind is worth less than its value says. */
  double discount(FeatureKind kind) {
    return discount[kind.index()];
  }
}
