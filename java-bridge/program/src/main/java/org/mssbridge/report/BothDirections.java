package org.mssbridge.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

/**
 * A finding as readers see it: one thing, also where it is found in both directions of a leg.
 *
 * @param first the finding, of the direction that comes first
 * @param back the same in the other direction; empty where it is found in one direction only
 */
record BothDirections(Reported first, Optional<Reported> back) {
  private static final String BOTH_WAYS = "in both directions";

  /** What two findings of both directions have in common, with the leg of one of them. */
  private record Key(Kind kind, Severity severity, Severity place, Leg leg) {
    static Optional<Key> of(Reported reported) {
      Finding finding = reported.finding();
      return finding
          .leg()
          .filter(leg -> finding.direction().isPresent())
          .map(leg -> new Key(finding.kind(), finding.severity(), reported.place(), leg));
    }

    Key back() {
      return new Key(kind, severity, place, leg.reverse());
    }
  }

  /** All findings, in their order; the second of two directions is with the first. */
  static List<BothDirections> of(List<Reported> findings) {
    Map<Key, List<Reported>> byKey = new HashMap<>();
    for (Reported reported : findings) {
      Key.of(reported)
          .ifPresent(key -> byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(reported));
    }
    List<BothDirections> shown = new ArrayList<>();
    Set<Finding> taken = new HashSet<>();
    for (Reported reported : findings) {
      if (taken.add(reported.finding())) {
        Optional<Reported> back =
            Key.of(reported).flatMap(key -> back(reported, key, byKey, taken));
        back.ifPresent(other -> taken.add(other.finding()));
        shown.add(new BothDirections(reported, back));
      }
    }
    return shown;
  }

  /** The one that says the same of the way back, or the only one of its kind there. */
  private static Optional<Reported> back(
      Reported reported, Key key, Map<Key, List<Reported>> byKey, Set<Finding> taken) {
    List<Reported> back = byKey.getOrDefault(key.back(), List.of());
    boolean isOnlyOne = byKey.get(key).size() == 1 && back.size() == 1;
    return back.stream()
        .filter(other -> !taken.contains(other.finding()))
        .filter(other -> isOnlyOne || bothWays(reported.finding(), other.finding()).isPresent())
        .findFirst();
  }

  /** The message for both directions; empty where they differ in more than the direction. */
  private static Optional<String> bothWays(Finding one, Finding other) {
    Optional<String> own = one.messageBothWays(other);
    if (own.isPresent()) {
      return own;
    }
    String way = one.direction().map(Direction::words).orElse("");
    String back = other.direction().map(Direction::words).orElse("");
    String shared = one.message().replace(way, BOTH_WAYS);
    return Optional.of(shared).filter(other.message().replace(back, BOTH_WAYS)::equals);
  }

  /** The finding in the first direction. */
  Finding finding() {
    return first.finding();
  }

  Kind kind() {
    return finding().kind();
  }

  /** Its own severity. */
  Severity severity() {
    return finding().severity();
  }

  /** The one or two findings. */
  Stream<Reported> parts() {
    return Stream.concat(Stream.of(first), back.stream());
  }

  /** The occurrences in both directions. */
  List<Occurrence> occurrences() {
    return back.isEmpty()
        ? first.occurrences()
        : parts().flatMap(part -> part.occurrences().stream()).toList();
  }

  /** One line for both directions. */
  String message() {
    return back.isEmpty()
        ? finding().message()
        : bothWays(finding(), back.get().finding())
            .orElse(finding().message() + "; " + back.get().finding().message());
  }

  /** What it says of both directions alone; empty where it says the same of each. */
  Optional<String> ownMessage() {
    return back.flatMap(one -> finding().messageBothWays(one.finding()));
  }

  /** What it means, in both directions. */
  String headline() {
    String headline = finding().headline();
    if (headline.equals(finding().message())) {
      return message();
    }
    if (back.isEmpty()) {
      return headline;
    }
    Optional<String> own = finding().headlineBothWays(back.get().finding());
    if (own.isPresent()) {
      return own.get();
    }
    String other = back.get().finding().headline();
    return headline.equals(other) ? headline : headline + "; " + other;
  }

  /** The next step, for both directions where it is the same for both. */
  String nextStep() {
    String step = finding().nextStep();
    String other = back.map(one -> one.finding().nextStep()).orElse("");
    return step.isEmpty() ? other : step;
  }

  /**
   * The direction, where the message does not name it, such as {@code client to server}; empty
   * where it does, or where there is none.
   */
  String way() {
    String way =
        back.isPresent()
            ? bothWays(finding(), back.get().finding()).isPresent() ? BOTH_WAYS : ""
            : finding().direction().map(Direction::words).orElse("");
    boolean isNamed =
        message().contains(way)
            || (back.isPresent()
                && Stream.of(Direction.values())
                    .map(Direction::words)
                    .allMatch(message()::contains));
    return isNamed ? "" : way;
  }
}
