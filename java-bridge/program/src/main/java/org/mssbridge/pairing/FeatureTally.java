package org.mssbridge.pairing;

/**
 * Adds up what the features of two connections say. One tally serves many pairs, one after the
 * other, so that comparing millions of them leaves no garbage; the result is a value.
 */
final class FeatureTally {
  private static final double MOST_CONTENT_BONUS = 16;

  /** Of values that follow from the same content, only the rarest counts in full. */
  private static final double REPEATED_CONTENT = 0.25;

  /** Four connections with the same value are no accident. */
  private static final double COMMON_BITS = 2;

  /** What agreement is worth at least, so that it differs from none. */
  private static final double LEAST_BITS = 1e-3;

  private static final int TUPLE = FeatureKind.TUPLE.mask();
  private static final int TIMESTAMP = FeatureKind.TIMESTAMP.mask();

  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final Penalties penalties;
  private final boolean turned;
  private final double populationBits;

  /** The pair, and its features of the kind that is compared just now. */
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

  /** How many connections share the rarest content that agrees: its logarithm. */
  private double contentSharedBits;

  private double contradictionBits;
  private int agreed;
  private int named;
  private int contradicted;

  /**
   * Prepares.
   *
   * @param turned whether the client of one is the server of the other
   */
  FeatureTally(
      Fingerprints firstSide, Fingerprints secondSide, Penalties penalties, boolean turned) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
    this.penalties = penalties;
    this.turned = turned;
    populationBits = Bits.of(Math.max(1, Math.max(firstSide.size, secondSide.size)));
  }

  /** Compares two connections; what was added up before is forgotten. */
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
    contentSharedBits = MOST_CONTENT_BONUS;
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

  /**
   * Whether another kind that agrees says the same: kinds come in their order, the larger first.
   */
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

  /** Bits for what agrees in a direction of the first side; a contradiction is noted. */
  private double agreement(FeatureKind kind, int direction) {
    boolean swap = turned && kind.isDirected();
    boolean comparable = false;
    double best = -1;
    for (int i = firstFrom; i < firstTo; i++) {
      long feature = firstSide.features[i];
      if (Fingerprints.direction(feature) != direction) {
        continue;
      }
      for (int j = secondFrom; j < secondTo; j++) {
        long other = secondSide.features[j];
        other = swap ? Fingerprints.turned(other) : other;
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
      return Math.max(best, LEAST_BITS);
    }
    if (comparable && (kind != FeatureKind.PAYLOAD || bothStartWhole(direction))) {
      contradictionBits += penalties.bits(kind);
      contradicted |= kind.mask();
    }
    return 0;
  }

  private boolean bothStartWhole(int direction) {
    return firstSide.startsWhole(first, direction)
        && secondSide.startsWhole(second, turned ? 1 - direction : direction);
  }

  private double bits(FeatureKind kind, double sharedBits) {
    // A random value that many have is none: it follows from the content as well. A tuple is used
    // again, and still is the tuple.
    boolean common = sharedBits >= COMMON_BITS && kind != FeatureKind.TUPLE;
    return kind.isContent() || common
        ? Math.max(0, Math.min(kind.bits, populationBits - sharedBits))
        : Math.max(0, kind.bits - sharedBits);
  }

  /** Whether the client of one is compared with the server of the other. */
  boolean isTurned() {
    return turned;
  }

  /** What speaks for the pair that was compared. */
  double bits() {
    return identityBits
        + rarestContentBits
        + REPEATED_CONTENT * (contentBits - rarestContentBits)
        + Math.max(0, Math.min(MOST_CONTENT_BONUS, contentBonus) - crowdBits())
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
