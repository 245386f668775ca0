package org.mssbridge.casefile;

/**
 * Decides whether a change began or ended at some time: whether it is absent before or after that
 * time for a reason, or so rare that chance explains its absence.
 */
final class Onset {
  /** The highest accepted probability of chance among connections, of which there are many. */
  static final double AMONG_CONNECTIONS = 1e-4;

  /** The same among pairs: a whole pair may differ because it is another network. */
  static final double AMONG_PAIRS = 1e-2;

  private Onset() {}

  /**
   * Whether chance is an unlikely explanation for the first ones, or the last ones, all being
   * unaffected. Chance means that the affected ones are a random draw from all (hypergeometric
   * distribution).
   *
   * @param all total number, such as the connections that crossed the boundary
   * @param affected number of them that show the change
   * @param unaffected number of them in a row, at one end, that do not
   * @param likely the highest probability of chance that counts as unlikely
   */
  static boolean isClear(long all, long affected, long unaffected, double likely) {
    if (affected <= 0 || unaffected <= 0) {
      return false;
    }
    double chance = 1;
    for (long i = 0; i < affected && chance > likely; i++) {
      chance *= (double) Math.max(0, all - unaffected - i) / (all - i);
    }
    return chance <= likely;
  }
}
