package org.mssbridge.discover;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Joins captures of one point, which a capture program split by size or time: the connections of
 * one go on in the next. Where two could be the next, as those of two points between which nothing
 * changes, none is: nothing is guessed.
 */
final class Rotation {
  private final List<SeenCapture> captures;
  private final Map<Long, Links.Link> links;
  private final Map<Integer, Integer> next = new HashMap<>();
  private final Map<Integer, Integer> previous = new HashMap<>();
  private final Set<Integer> ambiguous = new HashSet<>();

  private Rotation(List<SeenCapture> captures, Links links) {
    this.captures = captures;
    this.links = links.byPair();
  }

  /**
   * The points.
   *
   * @param points the captures of each, in the order of time
   * @param ambiguous captures that could be followed by one of several
   */
  record Points(List<List<Integer>> points, Set<Integer> ambiguous) {}

  /**
   * Joins captures.
   *
   * @param used the numbers of the captures to join
   */
  static Points of(List<SeenCapture> captures, Collection<Integer> used, Links links) {
    return new Rotation(captures, links).join(used, links.successions());
  }

  private Points join(Collection<Integer> used, List<Links.Succession> successions) {
    Map<Integer, List<Integer>> laters = new TreeMap<>();
    Map<Integer, List<Integer>> earliers = new TreeMap<>();
    for (Links.Succession each : successions) {
      if (each.continuation().others() == 0) {
        laters.computeIfAbsent(each.earlier(), c -> new ArrayList<>()).add(each.later());
        earliers.computeIfAbsent(each.later(), c -> new ArrayList<>()).add(each.earlier());
      }
    }
    Map<Integer, Integer> nexts = new HashMap<>();
    laters.forEach(
        (capture, all) -> nearest(all, Comparator.comparingLong(this::firstNanos), capture, nexts));
    Map<Integer, Integer> previouses = new HashMap<>();
    earliers.forEach(
        (capture, all) ->
            nearest(
                all, Comparator.comparingLong(this::lastNanos).reversed(), capture, previouses));
    nexts.forEach(
        (earlier, later) -> {
          if (previouses.getOrDefault(later, -1).equals(earlier)) {
            next.put(earlier, later);
            previous.put(later, earlier);
          }
        });
    List<List<Integer>> points = new ArrayList<>();
    for (int capture : used) {
      if (!previous.containsKey(capture)) {
        points.addAll(unlinked(chain(capture)));
      }
    }
    return new Points(points, ambiguous);
  }

  private long firstNanos(int capture) {
    return captures.get(capture).content().firstNanos();
  }

  private long lastNanos(int capture) {
    return captures.get(capture).content().lastNanos();
  }

  /** Notes the nearest in time, unless another is of the same time. */
  private void nearest(
      List<Integer> all, Comparator<Integer> order, int capture, Map<Integer, Integer> noted) {
    List<Integer> sorted = all.stream().sorted(order).toList();
    int best = sorted.get(0);
    boolean isAlone =
        sorted.stream()
            .skip(1)
            .allMatch(
                other ->
                    captures.get(best).content().isBefore(captures.get(other).content())
                        || captures.get(other).content().isBefore(captures.get(best).content()));
    if (isAlone) {
      noted.put(capture, best);
    } else {
      ambiguous.add(capture);
    }
  }

  private List<Integer> chain(int start) {
    List<Integer> chain = new ArrayList<>();
    for (Integer each = start; each != null; each = next.get(each)) {
      chain.add(each);
    }
    return chain;
  }

  /** The chain; its captures alone if two of them saw the same connections at two points. */
  private List<List<Integer>> unlinked(List<Integer> chain) {
    for (int i = 0; i < chain.size(); i++) {
      for (int j = i + 1; j < chain.size(); j++) {
        if (links.containsKey(Links.pair(chain.get(i), chain.get(j)))) {
          ambiguous.addAll(chain);
          return chain.stream().map(List::of).toList();
        }
      }
    }
    return List.of(chain);
  }
}
