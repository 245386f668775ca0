package org.mssbridge.discover;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.pairing.SharedConnections;

/**
 * Groups points to paths: on a path, each point saw connections of each other one. A point whose
 * connections take several ways is on several paths.
 */
final class Paths {
  /** Of points that are all linked to nearly all others, there may be very many groups. */
  private static final int MOST_PATHS = 100_000;

  private final List<SeenCapture> captures;
  private final List<List<Integer>> points;

  /** What each point has in common with others, by the other's number. */
  private final Map<Integer, Map<Integer, Tie>> ties = new TreeMap<>();

  private final List<List<Integer>> groups = new ArrayList<>();

  /** The sum of what the captures of two points have in common. */
  private static final class Tie {
    int connections;
    int forth;
    int back;

    /** That with most connections, and whether it is of captures in the other order. */
    SharedConnections best;

    boolean isReversed;

    void add(SharedConnections shared, boolean reversed) {
      connections += shared.connections();
      forth += reversed ? shared.fromSecond() : shared.fromFirst();
      back += reversed ? shared.fromFirst() : shared.fromSecond();
      if (best == null || shared.connections() > best.connections()) {
        best = shared;
        isReversed = reversed;
      }
    }

    /** Above 0 if most connections begin on the side of this point. */
    int order() {
      return Integer.compare(forth, back);
    }
  }

  private Paths(List<SeenCapture> captures, List<List<Integer>> points) {
    this.captures = captures;
    this.points = points;
  }

  /**
   * The paths, in the order of time.
   *
   * @param points the captures of each point
   */
  static List<FoundPath> of(
      List<SeenCapture> captures, List<List<Integer>> points, List<Links.Link> links) {
    Paths paths = new Paths(captures, points);
    Map<Integer, Integer> pointOf = new HashMap<>();
    for (int point = 0; point < points.size(); point++) {
      for (int capture : points.get(point)) {
        pointOf.put(capture, point);
      }
    }
    for (Links.Link link : links) {
      Integer first = pointOf.get(link.first());
      Integer second = pointOf.get(link.second());
      if (first != null && second != null && !first.equals(second)) {
        paths.tie(first, second).add(link.shared(), false);
        paths.tie(second, first).add(link.shared(), true);
      }
    }
    paths.group(new ArrayList<>(), new TreeSet<>(paths.ties.keySet()), new TreeSet<>());
    return paths.groups.stream()
        .map(paths::path)
        .sorted(
            Comparator.comparingLong((FoundPath path) -> path.points().get(0).firstNanos())
                .thenComparing(path -> path.points().get(0).files().get(0)))
        .toList();
  }

  private Tie tie(int one, int other) {
    return ties.computeIfAbsent(one, point -> new TreeMap<>())
        .computeIfAbsent(other, point -> new Tie());
  }

  /**
   * Finds all largest groups in which each point is tied to each other (Bron and Kerbosch 1973,
   * with a pivot).
   */
  private void group(List<Integer> group, Set<Integer> candidates, Set<Integer> done) {
    if (groups.size() >= MOST_PATHS) {
      return;
    }
    if (candidates.isEmpty() && done.isEmpty()) {
      if (group.size() > 1) {
        groups.add(List.copyOf(group));
      }
      return;
    }
    Set<Integer> pivots = new HashSet<>(candidates);
    pivots.addAll(done);
    int pivot =
        pivots.stream()
            .max(
                Comparator.comparingLong(
                        (Integer p) -> candidates.stream().filter(ties.get(p)::containsKey).count())
                    .thenComparing(Comparator.reverseOrder()))
            .orElseThrow();
    for (int point : List.copyOf(candidates)) {
      if (ties.get(pivot).containsKey(point)) {
        continue;
      }
      Set<Integer> neighbours = ties.get(point).keySet();
      group.add(point);
      group(group, common(candidates, neighbours), common(done, neighbours));
      group.remove(group.size() - 1);
      candidates.remove(point);
      done.add(point);
    }
  }

  private static Set<Integer> common(Set<Integer> some, Set<Integer> others) {
    Set<Integer> common = new TreeSet<>();
    Set<Integer> smaller = some.size() < others.size() ? some : others;
    Set<Integer> larger = smaller == some ? others : some;
    smaller.stream().filter(larger::contains).forEach(common::add);
    return common;
  }

  private FoundPath path(List<Integer> group) {
    List<Integer> order =
        group.stream()
            .sorted(
                Comparator.comparingInt((Integer point) -> -wins(point, group))
                    .thenComparing(point -> captures.get(points.get(point).get(0)).file()))
            .toList();
    List<FoundPath.Step> steps = new ArrayList<>();
    boolean isConsistent = isConsistent(order);
    for (int i = 1; i < order.size(); i++) {
      Tie tie = ties.get(order.get(i - 1)).get(order.get(i));
      steps.add(
          new FoundPath.Step(
              tie.connections,
              tie.best.confidence(),
              tie.best.clock().map(clock -> tie.isReversed ? reversed(clock) : clock),
              isConsistent && tie.order() > 0));
    }
    return new FoundPath(order.stream().map(this::point).toList(), steps);
  }

  private static SharedConnections.Offset reversed(SharedConnections.Offset clock) {
    return new SharedConnections.Offset(-clock.nanos(), clock.wayNanos());
  }

  /** How many more points it is before than after. */
  private int wins(int point, List<Integer> group) {
    return group.stream()
        .filter(other -> other != point)
        .mapToInt(other -> ties.get(point).get(other).order())
        .sum();
  }

  /** Whether no two points of the order are known to be the other way round. */
  private boolean isConsistent(List<Integer> order) {
    for (int i = 0; i < order.size(); i++) {
      for (int j = i + 1; j < order.size(); j++) {
        if (ties.get(order.get(i)).get(order.get(j)).order() < 0) {
          return false;
        }
      }
    }
    return true;
  }

  private FoundPath.Point point(int point) {
    List<Integer> members = points.get(point);
    return new FoundPath.Point(
        members.stream().map(capture -> captures.get(capture).file()).toList(),
        captures.get(members.get(0)).content().firstNanos());
  }
}
