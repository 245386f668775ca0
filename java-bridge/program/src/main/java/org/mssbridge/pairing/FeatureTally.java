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

  /** Values rarer than this point to one connection. */
  private static final double RARE_BITS = 6;

  /** The most that content is worth alone: equal requests to equal servers are nothing rare. */
  private static final double MAX_CONTENT_BITS = 40;

  private static final int BOTH_WAYS = 3;
  private static final int TUPLE = FeatureKind.TUPLE.mask();
  private static final int ISN = FeatureKind.ISN.mask();
  private static final int IP_ID = FeatureKind.IP_ID.mask();
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

  /** The directions in which random numbers of the header agree, as a mask. */
  private int identified;

  /** The kinds of {@link FeatureKind#isAnchor} that agree in a rare value. */
  private int anchors;

  /** The directions in which the ISNs differ, as a mask. */
  private int otherIsns;

  private boolean content;
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
    identified = 0;
    anchors = 0;
    otherIsns = 0;
    content = false;
    agreed = 0;
    named = 0;
    contradicted = 0;
  }

  private void add(FeatureKind kind) {
    double clientBits = agreement(kind, 0);
    double serverBits = agreement(kind, 1);
    double bits = clientBits + serverBits;
    if (bits > 0 && !isImplied(kind)) {
      agree(kind, bits);
    }
    if (kind.isIdentity()) {
      identified |= (clientBits >= RARE_BITS ? 1 : 0) | (serverBits >= RARE_BITS ? 2 : 0);
    }
    boolean rare = Math.max(clientBits, serverBits) >= RARE_BITS;
    content |= bits > 0 && kind.isPayload();
    if (rare && kind.isAnchor()) {
      anchors |= kind.mask();
    }
  }

  /** Whether agreement follows from that of a stronger kind; stronger kinds are compared first. */
  private boolean isImplied(FeatureKind kind) {
    return (kind == FeatureKind.PORT && (agreed & TUPLE) != 0)
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
          best = Math.max(best, bits(kind, direction, firstSide.sharedBits(i)));
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
      otherIsns |= kind == FeatureKind.ISN ? 1 << direction : 0;
    }
    return 0;
  }

  private boolean bothStartWhole(int direction) {
    return firstSide.startsWhole(first, direction)
        && secondSide.startsWhole(second, rolesSwapped ? 1 - direction : direction);
  }

  private double bits(FeatureKind kind, int direction, double sharedBits) {
    // A random value that many connections share is not random: it follows from the content.
    // A tuple may be reused, but still identifies the endpoints.
    boolean common = sharedBits >= COMMON_BITS && kind != FeatureKind.TUPLE;
    double most = kind.bits(direction);
    double bits =
        kind.isContent() || common
            ? Math.min(most, populationBits - sharedBits)
            : most - sharedBits;
    return Math.max(0, bits - penalties.discount(kind));
  }

  /** Whether the client of one is compared with the server of the other. */
  boolean areRolesSwapped() {
    return rolesSwapped;
  }

  /** The evidence for the pair that was compared. */
  double bits() {
    double content =
        rarestContentBits
            + REPEATED_CONTENT * (contentBits - rarestContentBits)
            + Math.max(0, Math.min(MAX_CONTENT_BONUS, contentBonus) - crowdBits());
    double most = identified == 0 ? MAX_CONTENT_BITS : Double.MAX_VALUE;
    return identityBits + Math.min(most, content) - contradictionBits;
  }

  private double crowdBits() {
    return contentBonus == 0 ? 0 : contentSharedBits;
  }

  /**
   * Whether the ISN of one end is kept and that of the other is not: a device or a host answers.
   */
  boolean keepsOneIsn() {
    return Integer.bitCount(otherIsns) == 1 && (agreed & ISN) != 0;
  }

  /** Whether addresses, ports or header numbers agree at all. */
  boolean isAnchored() {
    return anchors != 0 || identified != 0;
  }

  /** Whether the ends are the same. */
  boolean agreesInTuple() {
    return (agreed & TUPLE) != 0;
  }

  /**
   * Whether the first data differs, and no random number says that it is the same connection. Short
   * sums may agree by chance.
   */
  boolean isOtherContent() {
    int other = FeatureKind.PAYLOAD.mask() | FeatureKind.TLS_RANDOM.mask();
    return identified == 0 && (contradicted & other) != 0;
  }

  /** Whether a rare random number of either end agrees. */
  boolean isIdentified() {
    return identified != 0;
  }

  /** What the agreement of the pair that was compared rests on. */
  Proof proof() {
    if (identified == BOTH_WAYS || (content && identified != 0)) {
      return Proof.IDENTITY;
    }
    if (content) {
      return Proof.CONTENT;
    }
    boolean timestamp = identified != 0 && (agreed & TIMESTAMP) != 0;
    int marks = Integer.bitCount(anchors & (TUPLE | ISN | IP_ID)) + (timestamp ? 1 : 0);
    return anchors == 0 ? Proof.LAYOUT : marks > 1 ? Proof.MARKS : Proof.MARK;
  }

  /** The {@link FeatureKind#mask masks} of the kinds in which at least one direction agrees. */
  int agreed() {
    return agreed;
  }

  /** Those of the kinds in which at least one direction differs. */
  int contradicted() {
    return contradicted;
  }

  /** The result for the pair that was compared. */
  PairScore.FeatureScore score() {
    return new PairScore.FeatureScore(bits(), crowdBits(), named, proof());
  }
}
