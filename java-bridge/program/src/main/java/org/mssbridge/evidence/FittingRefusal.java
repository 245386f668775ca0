package org.mssbridge.evidence;

import java.util.Set;

/**
 * Packets that a device refuses as too big although they fit the MTU in its messages, against those
 * that crossed the same leg to the same receivers.
 *
 * @param refused the number of refused packets that fit
 * @param smallestRefusedBytes length of the smallest of them
 * @param asLargeCrossed packets of that length and more that crossed while it refused
 * @param crossedAtOtherTimes whether such packets crossed only before or after
 * @param largestSmallerBytes length of the largest packet below it that crossed; 0 for none
 * @param followersLost frames, at the near point, of the packets that carry on where a refused one
 *     ends and were lost with it, without a message of their own
 * @param otherLosses other losses meanwhile that no message quotes
 */
public record FittingRefusal(
    int refused,
    int smallestRefusedBytes,
    int asLargeCrossed,
    boolean crossedAtOtherTimes,
    int largestSmallerBytes,
    Set<Integer> followersLost,
    int otherLosses) {
  /** Fewer pairs may be chance. */
  private static final int MIN_JOINED = 3;

  /** The share of refused packets of which the next one is lost with them. */
  private static final double MOST = 0.9;

  public FittingRefusal {
    followersLost = Set.copyOf(followersLost);
  }

  /** Whether packets of the refused size cross as well: then it is not the size that decides. */
  public boolean isSelective() {
    return asLargeCrossed > 0;
  }

  /**
   * Whether the device probably joins packets and refuses the result, quoting the first one as it
   * was sent: the next one disappears with nearly each that it refuses, and hardly any other does.
   */
  public boolean isProbablyJoining() {
    return isSelective()
        && refused >= MIN_JOINED
        && followersLost.size() >= MOST * refused
        && otherLosses <= (1 - MOST) * refused;
  }
}
