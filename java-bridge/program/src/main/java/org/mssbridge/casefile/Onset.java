package org.mssbridge.casefile;

/**
 * Whether what is not seen before some time, or not after it, began or ended there: or whether it
 * is so rare that chance alone may have kept it from the others.
 */
final class Onset {
  /** How likely the work of chance may be among connections, of which there are many. */
  static final double AMONG_CONNECTIONS = 1e-4;

  /** Among pairs, of which a whole one may differ since it is another network. */
  static final double AMONG_PAIRS = 1e-2;

  private Onset() {}

  /**
   * Whether chance explains badly that the first ones, or the last ones, are all unaffected: if the
   * affected ones were spread over all, each choice of them would be as likely as any other
   * (hypergeometric distribution).
   *
   * @param all how many there are, such as connections that crossed the boundary
   * @param affected how many of them show the change
   * @param unaffected how many at one end do not
   * @param likely how likely it must not be
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
