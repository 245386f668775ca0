package org.mssbridge.datagram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;

/**
 * Joins the pairs of flows that go on from another address or port of one end, as QUIC's connection
 * IDs show at one point or both, or as an earlier leg of the path has shown.
 */
final class JoinedPairs {
  private final DatagramTable first;
  private final DatagramTable second;

  /**
   * For each flow, those of the second point after those of the first, another of its connection.
   */
  private final int[] parents;

  /** Flows that go on, or that another one goes on as. */
  private final BitSet continued = new BitSet();

  private JoinedPairs(DatagramTable first, DatagramTable second) {
    this.first = first;
    this.second = second;
    parents = new int[first.flows().size() + second.flows().size()];
    Arrays.setAll(parents, i -> i);
  }

  /** What takes part in one connection. */
  private static final class Parts {
    private final List<FlowPair> pairs = new ArrayList<>();
    private final TreeSet<Integer> firsts = new TreeSet<>();
    private final TreeSet<Integer> seconds = new TreeSet<>();
  }

  /**
   * The pairs, those of one connection as one.
   *
   * @param known what is known of each flow of the first point
   */
  static List<FlowPair> of(Contents contents, TracedFlow[] known, List<FlowPair> pairs) {
    JoinedPairs joined = new JoinedPairs(contents.first(), contents.second());
    return joined.joinContinued(known) ? joined.joined(pairs) : pairs;
  }

  /** Returns whether there is any. */
  private boolean joinContinued(TracedFlow[] known) {
    boolean isAny = false;
    Map<TracedFlow, Integer> numbers = new HashMap<>();
    for (int i = 0; i < known.length; i++) {
      Integer before = numbers.putIfAbsent(known[i], i);
      isAny |= before != null && joinContinued(i, before);
    }
    for (DatagramFlow flow : first.flows()) {
      isAny |=
          first
              .before(flow)
              .map(before -> joinContinued(flow.number(), before.number()))
              .isPresent();
    }
    int seconds = first.flows().size();
    for (DatagramFlow flow : second.flows()) {
      isAny |=
          second
              .before(flow)
              .map(before -> joinContinued(seconds + flow.number(), seconds + before.number()))
              .isPresent();
    }
    return isAny;
  }

  private List<FlowPair> joined(List<FlowPair> pairs) {
    int seconds = first.flows().size();
    for (FlowPair pair : pairs) {
      int one = pair.first().number();
      join(one, seconds + pair.second().number());
      pair.laterAtFirst().forEach(later -> join(one, later.number()));
      pair.laterAtSecond().forEach(later -> join(one, seconds + later.number()));
    }
    Map<Integer, Parts> connections = new TreeMap<>();
    continued.stream().forEach(i -> connections.putIfAbsent(root(i), new Parts()));
    for (int i = 0; i < parents.length; i++) {
      Parts parts = connections.get(root(i));
      if (parts != null && i < seconds) {
        parts.firsts.add(i);
      } else if (parts != null) {
        parts.seconds.add(i - seconds);
      }
    }
    List<FlowPair> joined = new ArrayList<>();
    for (FlowPair pair : pairs) {
      Parts parts = connections.get(root(pair.first().number()));
      (parts == null ? joined : parts.pairs).add(pair);
    }
    connections.values().forEach(parts -> joined.addAll(joined(parts)));
    return joined;
  }

  private List<FlowPair> joined(Parts parts) {
    if (parts.pairs.isEmpty()) {
      return parts.pairs;
    }
    List<DatagramFlow> atFirst = parts.firsts.stream().map(first.flows()::get).toList();
    List<DatagramFlow> atSecond = parts.seconds.stream().map(second.flows()::get).toList();
    boolean isOneTurn = parts.pairs.stream().map(FlowPair::isTurned).distinct().count() == 1;
    return isOneTurn && keepAnEnd(atFirst) && keepAnEnd(atSecond)
        ? List.of(
            new FlowPair(
                atFirst.get(0),
                atSecond.get(0),
                parts.pairs.get(0).isTurned(),
                atFirst.subList(1, atFirst.size()),
                atSecond.subList(1, atSecond.size())))
        : parts.pairs;
  }

  private static boolean keepAnEnd(List<DatagramFlow> flows) {
    return flows.stream().map(DatagramFlow::client).distinct().count() == 1
        || flows.stream().map(DatagramFlow::server).distinct().count() == 1;
  }

  private int root(int i) {
    int root = i;
    while (parents[root] != root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  }

  private boolean joinContinued(int one, int other) {
    continued.set(one);
    join(one, other);
    return true;
  }

  private void join(int one, int other) {
    int root = Math.min(root(one), root(other));
    parents[root(one)] = root;
    parents[root(other)] = root;
  }
}
