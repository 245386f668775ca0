package org.mssbridge.evidence;

import java.util.HashSet;
import java.util.Set;
import org.mssbridge.alignment.Alignment;

/**
 * How much of what was lost on a passage was refused by a device that says so: the segments that
 * "too big" messages at the near point quote.
 *
 * @param segments the number of lost segments that are quoted
 * @param joined those of them that a device joined with others before it refused them
 */
public record Refusals(int segments, int joined) {
  private static final Refusals NONE = new Refusals(0, 0);

  /** The refused segments of a passage. */
  public static Refusals of(Evidence evidence, Passage passage) {
    Alignment.Ranges lost = passage.alignment().lost();
    if (lost.size() == 0 || evidence.tooBigs(passage.pair().id()).isEmpty()) {
      return NONE;
    }
    Set<Integer> quoted = new HashSet<>();
    Set<Integer> joined = new HashSet<>();
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
    Set<Integer> lostFrames = new HashSet<>();
    for (int index : lost.index()) {
      lostFrames.add(passage.near().table().frame(passage.alignment().near().row()[index]));
    }
    quoted.retainAll(lostFrames);
    joined.retainAll(lostFrames);
    return new Refusals(quoted.size(), joined.size());
  }

  /** Both together. */
  public Refusals plus(Refusals other) {
    return new Refusals(segments + other.segments, joined + other.joined);
  }
}
