package org.mssbridge.evidence;

import java.util.Set;

/**
 * The lost segments that a device refused: those that "too big" messages at the near point quote.
 */
public final class Refusals {
  private Refusals() {}

  /**
   * Collects the frames of a passage at the near point that are quoted.
   *
   * @param joined receives those of them that a device joined with others before it refused them
   * @param probablyJoined receives those that it probably joined, quoted or not
   */
  public static void collect(
      Evidence evidence,
      Passage passage,
      Set<Integer> quoted,
      Set<Integer> joined,
      Set<Integer> probablyJoined) {
    for (TooBigMessage message : evidence.tooBigs(passage.pair().id())) {
      if (message.direction() == passage.direction()) {
        message
            .quote()
            .packets()
            .at(passage.nearPoint())
            .ifPresent(
                packet -> {
                  quoted.addAll(packet.frames());
                  joined.addAll(message.refusesJoined() ? packet.frames() : Set.of());
                  if (message.refusesItsMtu()) {
                    evidence
                        .fittingRefusal(message)
                        .filter(FittingRefusal::isProbablyJoining)
                        .ifPresent(
                            refusal -> {
                              probablyJoined.addAll(packet.frames());
                              probablyJoined.addAll(refusal.followersLost());
                            });
                  }
                });
      }
    }
  }
}
