package org.mssbridge.split;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The places of a file, as a graph: an edge is between two that hold the same packets. Places
 * without an edge between them, such as the interfaces of several clients, can be one point of the
 * path.
 */
final class Places {
  /** Two places that hold fewer packets of each other may do so by chance. */
  private static final int LEAST_SHARED = 2;

  static final int MOST_POINTS = 8;

  private final Labels labels;
  private final List<PlacePairs.Pair> edges;
  private final Map<Long, Integer> nearer = new HashMap<>();

  private Places(Labels labels, List<PlacePairs.Pair> edges) {
    this.labels = labels;
    this.edges = edges;
    for (PlacePairs.Pair edge : edges) {
      nearer.put(key(edge.first(), edge.second()), edge.firstIsNearer());
      nearer.put(key(edge.second(), edge.first()), -edge.firstIsNearer());
    }
  }

  private static long key(int one, int other) {
    return (long) one << 32 | other;
  }

  /**
   * The places that share packets.
   *
   * @param leastShare which part of its packets, from 0 to 1, the smaller of two places must share
   */
  static Places of(Labels labels, PlacePairs pairs, double leastShare) {
    return new Places(
        labels,
        pairs.all().stream()
            .filter(pair -> pair.shared() >= LEAST_SHARED && pair.isSteady())
            .filter(pair -> isShared(pair, labels, leastShare))
            .toList());
  }

  /** A transparent proxy leaves nothing of a connection as it was but its ends. */
  private static boolean isShared(PlacePairs.Pair pair, Labels labels, double leastShare) {
    int packets = Math.min(labels.packets(pair.first()), labels.packets(pair.second()));
    int handshakes = Math.min(labels.handshakes(pair.first()), labels.handshakes(pair.second()));
    return pair.shared() >= leastShare * packets
        || (pair.sharedHandshakes() >= LEAST_SHARED
            && pair.sharedHandshakes() >= leastShare * handshakes);
  }

  /** How many sightings of a packet the places tell apart. */
  int shared() {
    return edges.stream().mapToInt(PlacePairs.Pair::shared).sum();
  }

  /** The points, each the numbers of its places, in path order; empty if there are too many. */
  Optional<List<List<Integer>>> points() {
    List<List<List<Integer>>> components = new ArrayList<>();
    int most = 0;
    for (Set<Integer> component : components()) {
      List<List<Integer>> coloured = coloured(component);
      if (coloured.size() > MOST_POINTS) {
        return Optional.empty();
      }
      most = Math.max(most, coloured.size());
      components.add(ordered(coloured));
    }
    List<List<Integer>> points = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      int position = i;
      points.add(
          components.stream()
              .filter(component -> component.size() > position)
              .flatMap(component -> component.get(position).stream())
              .sorted()
              .toList());
    }
    return Optional.of(points);
  }

  /** Every place a point of its own, in path order: the user says that they are points. */
  List<List<Integer>> each() {
    return ordered(IntStream.range(0, labels.size()).mapToObj(List::of).toList());
  }

  /** The sets of places that are connected by edges, those with most packets first. */
  private List<Set<Integer>> components() {
    Map<Integer, Set<Integer>> of = new HashMap<>();
    for (PlacePairs.Pair edge : edges) {
      Set<Integer> one = of.computeIfAbsent(edge.first(), n -> new TreeSet<>(Set.of(n)));
      Set<Integer> other = of.computeIfAbsent(edge.second(), n -> new TreeSet<>(Set.of(n)));
      if (one != other) {
        one.addAll(other);
        other.forEach(place -> of.put(place, one));
      }
    }
    return of.values().stream()
        .distinct()
        .sorted(Comparator.comparingInt(component -> -packets(component)))
        .toList();
  }

  private int packets(Iterable<Integer> places) {
    int packets = 0;
    for (int place : places) {
      packets += labels.packets(place);
    }
    return packets;
  }

  /** Puts places that share no packets together, those with most packets first. */
  private List<List<Integer>> coloured(Set<Integer> component) {
    List<List<Integer>> points = new ArrayList<>();
    for (int place :
        component.stream()
            .sorted(Comparator.comparingInt((Integer p) -> -labels.packets(p)))
            .toList()) {
      points.stream()
          .filter(point -> point.stream().noneMatch(other -> nearer.containsKey(key(place, other))))
          .findFirst()
          .orElseGet(
              () -> {
                points.add(new ArrayList<>());
                return points.get(points.size() - 1);
              })
          .add(place);
    }
    return points;
  }

  /** Sorts points from the client's side on: by how many of the others each is nearer. */
  private List<List<Integer>> ordered(List<List<Integer>> points) {
    return points.stream()
        .sorted(
            Comparator.comparingInt((List<Integer> point) -> -wins(point, points))
                .thenComparing(point -> point.get(0)))
        .toList();
  }

  /** Whether each place is on the side of each other one where its packets say that it is. */
  boolean isOrdered(List<List<Integer>> points) {
    Map<Integer, Integer> position = new HashMap<>();
    for (int i = 0; i < points.size(); i++) {
      for (int place : points.get(i)) {
        position.put(place, i);
      }
    }
    return edges.stream()
        .allMatch(
            edge ->
                edge.firstIsNearer() == 0
                    || Integer.signum(edge.firstIsNearer())
                        == Integer.compare(
                            position.get(edge.second()), position.get(edge.first())));
  }

  private int wins(List<Integer> point, List<List<Integer>> points) {
    return points.stream()
        .filter(other -> other != point)
        .mapToInt(other -> Integer.signum(votes(point, other)))
        .sum();
  }

  private int votes(List<Integer> point, List<Integer> other) {
    int votes = 0;
    for (int one : point) {
      for (int two : other) {
        votes += nearer.getOrDefault(key(one, two), 0);
      }
    }
    return votes;
  }

  /** The names of the places that are in no point. */
  List<String> leftOut(List<List<Integer>> points) {
    Set<Integer> taken = points.stream().flatMap(List::stream).collect(Collectors.toSet());
    return IntStream.range(0, labels.size())
        .filter(place -> !taken.contains(place))
        .mapToObj(place -> labels.label(place).name())
        .toList();
  }
}
