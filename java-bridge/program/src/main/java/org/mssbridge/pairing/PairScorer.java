package org.mssbridge.pairing;

/**
 * Scores pairs of connections of two captures: the features that agree, each weighted less the more
 * connections share it, minus the contradictions. Not thread-safe, since millions of pairs reuse
 * the same tallies.
 */
final class PairScorer {
  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final FeatureTally straight;
  private final FeatureTally rolesSwapped;
  private final TimeScorer times;

  /**
   * A scorer for two sides.
   *
   * @param time null while the clocks cannot be compared
   */
  PairScorer(
      Fingerprints firstSide, Fingerprints secondSide, CommonTime time, Penalties penalties) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
    straight = new FeatureTally(firstSide, secondSide, penalties, false);
    rolesSwapped = new FeatureTally(firstSide, secondSide, penalties, true);
    times = time == null ? null : new TimeScorer(firstSide, secondSide, time);
  }

  /** The pair's score, with the client and server roles that fit better. */
  PairScore of(int first, int second) {
    FeatureTally tally = tally(first, second);
    return new PairScore(tally.score(), tally.areRolesSwapped(), timeBits(first, second));
  }

  /** The bits of the score only, which is all that is needed for millions of candidates. */
  double bits(int first, int second) {
    return tally(first, second).bits() + timeBits(first, second);
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
