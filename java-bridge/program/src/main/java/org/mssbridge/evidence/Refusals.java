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
   */
  public static void collect(
      Evidence evidence, Passage passage, Set<Integer> quoted, Set<Integer> joined) {
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
                });
      }
    }
  }
}
