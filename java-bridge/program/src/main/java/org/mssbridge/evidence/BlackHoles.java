package org.mssbridge.evidence;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/**
 * The directions of connections whose large segments are lost again and again, although smaller
 * ones cross and no ICMP reaches the sender (RFC 2923, section 2.1).
 */
final class BlackHoles {
  private final Evidence evidence;

  /** The largest segment that crossed on each path on which any did. */
  private final Map<Path, Integer> largestCrossed = new HashMap<>();

  /** The scope of a path MTU: a destination (RFC 1191, section 2; RFC 8201, section 5.2). */
  private record Path(Leg leg, String destination) {
    static Path of(PairedConnection pair, Direction direction) {
      Connection far = pair.far(direction);
      Endpoint receiver = direction == Direction.C2S ? far.server() : far.client();
      return new Path(Legs.of(pair, direction), receiver.address());
    }
  }

  BlackHoles(Evidence evidence) {
    this.evidence = evidence;
    evidence.pairs().forEach(this::addCrossed);
    evidence.comparison().connections().stream()
        .flatMap(traced -> traced.across().stream())
        .forEach(this::addCrossed);
  }

  private void addCrossed(PairedConnection pair) {
    for (Direction direction : Direction.values()) {
      int crossed = SizeLimit.largestCrossedBytes(pair.alignment(direction));
      if (crossed > 0) {
        largestCrossed.merge(Path.of(pair, direction), crossed, Math::max);
      }
    }
  }

  /**
   * The sizes of a direction that a black hole affects, with the largest segment that crossed to
   * the same receiver on any connection; empty where none does. A link that sends on fragments is
   * none.
   */
  Optional<SizeLimit> of(PairedConnection pair, Direction direction) {
    if (pair.alignment(direction).lost().size() == 0
        || evidence.fragmentation(pair, direction).isInPart(0, Integer.MAX_VALUE)
        || !isWithoutIcmp(pair, direction)) {
      return Optional.empty();
    }
    int largestOnPathBytes = largestCrossedBytes(pair, direction);
    SizeLimit sizes = SizeLimit.of(pair, direction);
    return sizes.isSharp()
            && (sizes.crossedAfterwards()
                || SizeLimit.canBeTooBig(
                    pair.near(direction), sizes.smallestLostBytes(), largestOnPathBytes))
            && sizes.dontFragment()
            && largestOnPathBytes < sizes.smallestLostBytes()
        ? Optional.of(sizes.withLargestCrossed(largestOnPathBytes))
        : Optional.empty();
  }

  /** The largest segment that crossed to the same receiver, on any connection; 0 for none. */
  int largestCrossedBytes(PairedConnection pair, Direction direction) {
    return largestCrossed.getOrDefault(Path.of(pair, direction), 0);
  }

  private boolean isWithoutIcmp(PairedConnection pair, Direction direction) {
    return evidence.tooBigs(pair.id()).stream()
        .noneMatch(
            message ->
                message.direction() == direction
                    && message.seen().at(pair.nearPoint(direction)).isPresent());
  }
}
