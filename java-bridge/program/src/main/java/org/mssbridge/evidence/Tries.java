package org.mssbridge.evidence;

/** Counts how often something was tried in vain, and says whether chance may be the reason. */
final class Tries {
  /** What is lost within one retransmission timeout (RFC 6298, in practice) is one try. */
  private static final long TRY_NANOS = 200_000_000L;

  private static final int LEAST_TRIES = 4;

  /** How likely chance may be to lose so many tries in a row, by the other losses. */
  private static final double MOST_CHANCE = 0.001;

  private int tries;
  private long lastNanos;

  /** Adds a segment that was lost, in the order of time. */
  void add(long nanos) {
    if (tries == 0 || nanos - lastNanos >= TRY_NANOS) {
      tries++;
      lastNanos = nanos;
    }
  }

  /**
   * Whether chance hardly loses so many in a row.
   *
   * @param lost how many segments were lost at other times
   * @param arrivals how many arrived
   */
  boolean isNoChance(long lost, long arrivals) {
    double elsewhere = (lost + 1.0) / (lost + arrivals + 2.0);
    return tries >= LEAST_TRIES && Math.pow(elsewhere, tries) < MOST_CHANCE;
  }
}
