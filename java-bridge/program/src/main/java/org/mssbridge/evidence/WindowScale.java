package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.Segment;

/** By how much the windows of a receiver are shifted (RFC 7323, section 2). */
final class WindowScale {
  /** The largest shift count (RFC 7323, section 2.3). */
  private static final int MAX_SCALE = 14;

  private WindowScale() {}

  /** The receiver's shift count; 0 without the option in both SYNs, -1 where one was not seen. */
  static int of(Flow sender, Flow receiver) {
    Optional<Segment> own = sender.firstHandshake();
    Optional<Segment> other = receiver.firstHandshake();
    if (own.isEmpty() || other.isEmpty()) {
      return -1;
    }
    return own.get().options().windowScale() < 0
        ? 0
        : Math.max(0, Math.min(MAX_SCALE, other.get().options().windowScale()));
  }

  /** Whether an end's SYN that was seen has the option. */
  static boolean hasOption(Flow flow) {
    return flow.firstHandshake().filter(syn -> syn.options().windowScale() >= 0).isPresent();
  }
}
