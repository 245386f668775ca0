package org.mssbridge.pairing;

/**
 * Scores pairs of connections of two captures: what they agree in, each the less the more
 * connections share it, minus what they contradict each other in. Not for several threads at once,
 * since millions of pairs are added up in the same place.
 */
final class PairScorer {
  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final FeatureTally straight;
  private final FeatureTally turned;
  private final TimeScorer times;

  /**
   * Prepares.
   *
   * @param time null as long as the clocks cannot be compared
   */
  PairScorer(
      Fingerprints firstSide, Fingerprints secondSide, CommonTime time, Penalties penalties) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
    straight = new FeatureTally(firstSide, secondSide, penalties, false);
    turned = new FeatureTally(firstSide, secondSide, penalties, true);
    times = time == null ? null : new TimeScorer(firstSide, secondSide, time);
  }

  /** The pair's score, by the direction of it that fits better. */
  PairScore of(int first, int second) {
    FeatureTally tally = tally(first, second);
    return new PairScore(tally.score(), tally.isTurned(), timeBits(first, second));
  }

  /** The bits of that score alone: of millions of candidates, no more is asked. */
  double bits(int first, int second) {
    return tally(first, second).bits() + timeBits(first, second);
  }

  /** Adds up both directions where they may be in question, and takes the one that fits better. */
  private FeatureTally tally(int first, int second) {
    straight.compare(first, second);
    if (firstSide.hasHandshake(first) && secondSide.hasHandshake(second)) {
      return straight;
    }
    turned.compare(first, second);
    return turned.bits() > straight.bits() ? turned : straight;
  }

  /** Bits for the times of the pair; 0 where they cannot be compared. */
  double timeBits(int first, int second) {
    return times == null ? 0 : times.bits(first, second);
  }
}
