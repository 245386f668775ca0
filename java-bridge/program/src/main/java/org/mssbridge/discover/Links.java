package org.mssbridge.discover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.casefile.FingerprintedCaptures.Capture;
import org.mssbridge.pairing.CaptureFingerprints;
import org.mssbridge.pairing.Continuation;
import org.mssbridge.pairing.SharedConnections;

/**
 * What captures have in common, pair by pair, by their numbers.
 *
 * @param shared the pairs that share connections, the first with the lower number
 * @param successions the pairs of which one goes on with the connections of the other
 * @param doubtful captures of which weak evidence is not used, since there is other
 */
public record Links(List<Link> shared, List<Succession> successions, Set<Integer> doubtful) {
  /** Two captures that saw the same connections. */
  public record Link(int first, int second, SharedConnections shared) {}

  /** Two captures of one point, as it seems. */
  public record Succession(int earlier, int later, Continuation continuation) {}

  /** What two captures have in common; either may be empty, or both. */
  public record Compared(Optional<Link> link, Optional<Succession> succession) {}

  /** Puts together what was compared. */
  public static Links of(List<Compared> compared) {
    List<Link> shared = new ArrayList<>();
    List<Succession> successions = new ArrayList<>();
    for (Compared each : compared) {
      each.link().ifPresent(shared::add);
      each.succession().ifPresent(successions::add);
    }
    return new Links(shared, successions, Set.of());
  }

  /** Compares two captures. */
  public static Compared compare(
      Candidates.Pair pair,
      Capture first,
      CaptureFingerprints ofFirst,
      Capture second,
      CaptureFingerprints ofSecond) {
    SharedConnections shared = SharedConnections.of(ofFirst, ofSecond);
    if (shared.isAny()) {
      return new Compared(
          Optional.of(new Link(pair.first(), pair.second(), shared)), Optional.empty());
    }
    boolean isForth = first.isBefore(second);
    if (!isForth && !second.isBefore(first)) {
      return new Compared(Optional.empty(), Optional.empty());
    }
    Continuation continuation =
        isForth ? Continuation.of(ofFirst, ofSecond) : Continuation.of(ofSecond, ofFirst);
    return new Compared(
        Optional.empty(),
        continuation.connections() == 0
            ? Optional.empty()
            : Optional.of(
                new Succession(
                    isForth ? pair.first() : pair.second(),
                    isForth ? pair.second() : pair.first(),
                    continuation)));
  }

  /** Those between some captures only. */
  Links between(Set<Integer> some) {
    return new Links(
        shared.stream()
            .filter(link -> some.contains(link.first()) && some.contains(link.second()))
            .toList(),
        successions.stream()
            .filter(each -> some.contains(each.earlier()) && some.contains(each.later()))
            .toList(),
        doubtful);
  }

  /** Without the links by weak evidence of captures that are linked to others too. */
  Links withoutDoubtful() {
    Map<Integer, Integer> counts = new HashMap<>();
    for (Link link : shared) {
      counts.merge(link.first(), 1, Integer::sum);
      counts.merge(link.second(), 1, Integer::sum);
    }
    List<Link> sure = new ArrayList<>();
    Set<Integer> left = new HashSet<>();
    for (Link link : shared) {
      if (link.shared().isWeak()
          && (counts.get(link.first()) > 1 || counts.get(link.second()) > 1)) {
        left.add(link.first());
        left.add(link.second());
      } else {
        sure.add(link);
      }
    }
    return new Links(sure, successions, left);
  }

  /** The links by the pair of captures, in either order. */
  Map<Long, Link> byPair() {
    Map<Long, Link> links = new HashMap<>();
    shared.forEach(link -> links.put(pair(link.first(), link.second()), link));
    return links;
  }

  static long pair(int one, int other) {
    return ((long) Math.min(one, other) << 32) | Math.max(one, other);
  }
}
