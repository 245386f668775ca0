package org.mssbridge.pairing;

/**
 * Adds up the evidence from the features of two connections. One tally is reused for many pairs, so
 * comparing millions of them makes no garbage; the result is a value.
 */
final class FeatureTally {
  private static final double MAX_CONTENT_BONUS = 16;

  /** The weight of further features of the same content; only the rarest counts in full. */
  private static final double REPEATED_CONTENT = 0.25;

  /** The logarithm of four: so many connections with the same value are no coincidence. */
  private static final double COMMON_BITS = 2;

  /** The fewest bits that agreement is worth, so that it differs from none. */
  private static final double MIN_BITS = 1e-3;

  private static final int TUPLE = FeatureKind.TUPLE.mask();
  private static final int TIMESTAMP = FeatureKind.TIMESTAMP.mask();

  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final Penalties penalties;
  private final boolean rolesSwapped;
  private final double populationBits;

  /** The pair, and the range of its features of the kind that is being compared. */
  private int first;

  private int firstFrom;
  private int firstTo;
  private int second;
  private int secondFrom;
  private int secondTo;

  private double identityBits;
  private double contentBits;
  private double rarestContentBits;
  private double contentBonus;

  /** The binary logarithm of how many connections share the rarest content that agrees. */
  private double contentSharedBits;

  private double contradictionBits;
  private int agreed;
  private int named;
  private int contradicted;

  /**
   * A tally for two sides.
   *
   * @param rolesSwapped whether the client of one is the server of the other
   */
  FeatureTally(
      Fingerprints firstSide, Fingerprints secondSide, Penalties penalties, boolean rolesSwapped) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
    this.penalties = penalties;
    this.rolesSwapped = rolesSwapped;
    populationBits = Bits.of(Math.max(1, Math.max(firstSide.size, secondSide.size)));
  }

  /** Compares two connections; the previous result is discarded. */
  void compare(int firstConnection, int secondConnection) {
    clear(firstConnection, secondConnection);
    int firstEnd = firstSide.start[first + 1];
    int secondEnd = secondSide.start[second + 1];
    int i = firstSide.start[first];
    int j = secondSide.start[second];
    while (i < firstEnd && j < secondEnd) {
      int firstKind = Fingerprints.kind(firstSide.features[i]);
      int secondKind = Fingerprints.kind(secondSide.features[j]);
      if (firstKind < secondKind) {
        i++;
      } else if (firstKind > secondKind) {
        j++;
      } else {
        firstFrom = i;
        secondFrom = j;
        firstTo = firstSide.endOfKind(i, firstEnd);
        secondTo = secondSide.endOfKind(j, secondEnd);
        add(FeatureKind.at(firstKind));
        i = firstTo;
        j = secondTo;
      }
    }
  }

  private void clear(int firstConnection, int secondConnection) {
    first = firstConnection;
    second = secondConnection;
    identityBits = 0;
    contentBits = 0;
    rarestContentBits = 0;
    contentBonus = 0;
    contentSharedBits = MAX_CONTENT_BONUS;
    contradictionBits = 0;
    agreed = 0;
    named = 0;
    contradicted = 0;
  }

  private void add(FeatureKind kind) {
    double bits = agreement(kind, 0) + agreement(kind, 1);
    if (bits > 0 && !isImplied(kind)) {
      agree(kind, bits);
    }
  }

  /** Whether agreement follows from that of a stronger kind; stronger kinds are compared first. */
  private boolean isImplied(FeatureKind kind) {
    return (kind == FeatureKind.PORTS && (agreed & TUPLE) != 0)
        || (kind == FeatureKind.DATA_TIMESTAMP && (agreed & TIMESTAMP) != 0);
  }

  private void agree(FeatureKind kind, double bits) {
    agreed |= kind.mask();
    named |= PairScore.isNamed(bits + kind.contentBits) ? kind.mask() : 0;
    if (kind.isContent()) {
      rarestContentBits = Math.max(rarestContentBits, bits);
      contentBits += bits;
      contentBonus += kind.contentBits;
    } else {
      identityBits += bits;
    }
  }

  /** The bits for agreement in a direction of the first side; also records a contradiction. */
  private double agreement(FeatureKind kind, int direction) {
    boolean swap = rolesSwapped && kind.isDirected();
    boolean comparable = false;
    double best = -1;
    for (int i = firstFrom; i < firstTo; i++) {
      long feature = firstSide.features[i];
      if (Fingerprints.direction(feature) != direction) {
        continue;
      }
      for (int j = secondFrom; j < secondTo; j++) {
        long other = secondSide.features[j];
        other = swap ? Fingerprints.reversed(other) : other;
        comparable |= Fingerprints.direction(other) == direction;
        if (feature == other) {
          best = Math.max(best, bits(kind, firstSide.sharedBits(i)));
          if (kind.isContent()) {
            contentSharedBits = Math.min(contentSharedBits, firstSide.sharedBits(i));
          }
        }
      }
    }
    if (best >= 0) {
      return Math.max(best, MIN_BITS);
    }
    if (comparable && (kind != FeatureKind.PAYLOAD || bothStartWhole(direction))) {
      contradictionBits += penalties.bits(kind);
      contradicted |= kind.mask();
    }
    return 0;
  }

  private boolean bothStartWhole(int direction) {
    return firstSide.startsWhole(first, direction)
        && secondSide.startsWhole(second, rolesSwapped ? 1 - direction : direction);
  }

  private double bits(FeatureKind kind, double sharedBits) {
    // A random value that many connections share is not random: it follows from the content.
    // A tuple may be reused, but still identifies the endpoints.
    boolean common = sharedBits >= COMMON_BITS && kind != FeatureKind.TUPLE;
    return kind.isContent() || common
        ? Math.max(0, Math.min(kind.bits, populationBits - sharedBits))
        : Math.max(0, kind.bits - sharedBits);
  }

  /** Whether the client of one is compared with the server of the other. */
  boolean areRolesSwapped() {
    return rolesSwapped;
  }

  /** The evidence for the pair that was compared. */
  double bits() {
    return identityBits
        + rarestContentBits
        + REPEATED_CONTENT * (contentBits - rarestContentBits)
        + Math.max(0, Math.min(MAX_CONTENT_BONUS, contentBonus) - crowdBits())
        - contradictionBits;
  }

  private double crowdBits() {
    return contentBonus == 0 ? 0 : contentSharedBits;
  }

  /** The result for the pair that was compared. */
  PairScore.FeatureScore score() {
    return new PairScore.FeatureScore(bits(), crowdBits(), agreed, named, contradicted);
  }
}
