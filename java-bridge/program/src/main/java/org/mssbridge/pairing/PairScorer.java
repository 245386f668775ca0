package org.mssbridge.pairing;

import org.mssbridge.model.InitialTtl;

/**
 * Scores pairs of connections of two captures: the features that agree, each weighted less the more
 * connections share it, minus the contradictions; times; and whether addresses and TTLs change as
 * those of known pairs do. Not thread-safe, since millions of pairs reuse the same tallies.
 */
final class PairScorer {
  /** What it costs to come at another time than the clocks say, and in an unusual way. */
  private static final double MISFIT_BITS = -40;

  /** What a pair is worth that only the user names, and that carries other data at both points. */
  private static final double CONTRADICTED_BITS = -100;

  /** What it costs to look like one sender's packets to two hosts. */
  private static final double TWO_HOSTS_BITS = -35;

  /** How much more contradictions with other pairs weigh where nothing but these proves a pair. */
  private static final double STRICTNESS = 4;

  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final FeatureTally straight;
  private final FeatureTally rolesSwapped;
  private final TimeScorer times;
  private final Habits habits;
  private final CommonTime time;
  private final Penalties penalties;

  /**
   * A scorer for two sides.
   *
   * @param time null while the clocks cannot be compared
   * @param habits what known pairs show; null where there is none
   */
  PairScorer(
      Fingerprints firstSide,
      Fingerprints secondSide,
      CommonTime time,
      Habits habits,
      Penalties penalties) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
    this.habits = habits;
    this.time = time;
    this.penalties = penalties;
    straight = new FeatureTally(firstSide, secondSide, penalties, false);
    rolesSwapped = new FeatureTally(firstSide, secondSide, penalties, true);
    times = time == null ? null : new TimeScorer(firstSide, secondSide, time);
  }

  /** The same, for another thread. */
  PairScorer another() {
    return new PairScorer(firstSide, secondSide, time, habits, penalties);
  }

  /** The pair's score, with the client and server roles that fit better. */
  PairScore of(int first, int second) {
    FeatureTally tally = tally(first, second);
    double timeBits = timeBits(first, second);
    return new PairScore(
        tally.score(), tally.areRolesSwapped(), timeBits, bits(tally, first, second, timeBits));
  }

  /** The score of a chosen pair, whose bits are known already. */
  PairScore ofChosen(int first, int second, double bits) {
    FeatureTally tally = tally(first, second);
    return new PairScore(tally.score(), tally.areRolesSwapped(), timeBits(first, second), bits);
  }

  /**
   * The pair's features alone, for what known pairs show, with the roles that fit better. The
   * result is overwritten by the next pair.
   */
  FeatureTally features(int first, int second) {
    return tally(first, second);
  }

  /** The bits of the score only, which is all that is needed for millions of candidates. */
  double bits(int first, int second) {
    return bits(tally(first, second), first, second, timeBits(first, second));
  }

  private double bits(FeatureTally tally, int first, int second, double timeBits) {
    boolean swapped = tally.areRolesSwapped();
    Proof proof = proof(tally, first, second, swapped);
    double bits = tally.bits() + timeBits;
    if (isGiven(tally, first) && tally.isOtherContent()) {
      return CONTRADICTED_BITS;
    }
    boolean twoHosts =
        proof.isDoubtful()
            ? tally.keepsOneIsn()
            : !tally.isAnchored() && keepsTtl(first, second, swapped);
    bits += twoHosts ? TWO_HOSTS_BITS : 0;
    if (habits == null) {
      return Math.min(bits, proof.mostBitsAlone());
    }
    double usual = habits.bits(first, second, swapped);
    bits += usual;
    boolean fits = times == null || times.fits(first, second);
    return switch (proof) {
      case IDENTITY, CONTENT -> fits ? bits : bits + STRICTNESS * Math.min(0, usual);
      case MARKS -> bits + STRICTNESS * Math.min(0, usual) + (fits || usual >= 0 ? 0 : MISFIT_BITS);
      case MARK -> fits && usual >= 0 ? bits : Math.min(bits, proof.mostBitsAlone());
      case LAYOUT ->
          fits && usual >= 0 && habits.knowsAddresses(first, second, swapped)
              ? bits
              : Math.min(bits, proof.mostBitsAlone());
    };
  }

  /**
   * What agreement rests on. A random number and the server's IPv4 address within its IPv6 address
   * are two marks: nobody but a translator keeps the one and makes the other.
   */
  private Proof proof(FeatureTally tally, int first, int second, boolean swapped) {
    Proof proof = tally.proof();
    if (isGiven(tally, first)) {
      return Proof.IDENTITY; // The user says so, and nothing weighs more against it.
    }
    return proof == Proof.MARK
            && tally.isIdentified()
            && firstSide.embedsServer(first, secondSide, second, swapped)
        ? Proof.MARKS
        : proof;
  }

  private boolean isGiven(FeatureTally tally, int first) {
    return firstSide.isGiven(first) && tally.agreesInTuple();
  }

  /**
   * Whether the packets of an end, which began elsewhere, have the same TTL at both points. A
   * device that makes everything else new sets its own TTL.
   */
  private boolean keepsTtl(int first, int second, boolean swapped) {
    for (int end = 0; end < 2; end++) {
      int ttl = firstSide.ttl(first, end);
      if (ttl >= 0
          && ttl == secondSide.ttl(second, swapped ? 1 - end : end)
          && !InitialTtl.is(ttl)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Compares the pair with equal and, where the roles are uncertain, with swapped roles, and
   * returns the better tally.
   */
  private FeatureTally tally(int first, int second) {
    straight.compare(first, second);
    if (firstSide.hasHandshake(first) && secondSide.hasHandshake(second)) {
      return straight;
    }
    rolesSwapped.compare(first, second);
    return rolesSwapped.bits() > straight.bits() ? rolesSwapped : straight;
  }

  /** Bits for the times of the pair; 0 where they cannot be compared. */
  double timeBits(int first, int second) {
    return times == null ? 0 : times.bits(first, second);
  }
}
