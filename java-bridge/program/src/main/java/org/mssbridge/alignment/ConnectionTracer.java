package org.mssbridge.alignment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.PerPoint;
import org.mssbridge.pairing.ConnectionMatch;
import org.mssbridge.pairing.PathOrder;

/** Joins pairings, each of two captures, into connections along the whole path. */
final class ConnectionTracer {
  private final List<PointCapture> path;
  private final PerPoint<CaptureDuplicates> duplicates;

  /**
   * For each point of the path: the next sighting of a connection, by its stream number at this
   * point.
   */
  private final List<Map<Integer, Step>> steps = new ArrayList<>();

  /** For each point: the streams that were also seen at an earlier point. */
  private final List<Set<Integer>> joined = new ArrayList<>();

  /** The first sighting of a connection. */
  private record Beginning(int at, Connection connection) {}

  /**
   * The next sighting.
   *
   * @param back whether the client is on the side of the later point
   */
  private record Step(ConnectionMatch match, int to, boolean back) {}

  /**
   * A tracer without any pairing yet.
   *
   * @param path the captures in path order, from the client's side
   * @param duplicates the segments that each capture holds twice
   */
  ConnectionTracer(List<PointCapture> path, PerPoint<CaptureDuplicates> duplicates) {
    this.path = path;
    this.duplicates = duplicates;
    for (int i = 0; i < path.size(); i++) {
      steps.add(new HashMap<>());
      joined.add(new HashSet<>());
    }
  }

  /** Adds the pairings of two points, given by their indexes in the path. */
  void join(int from, int to, PathOrder order) {
    for (ConnectionMatch match : order.matches()) {
      steps.get(from).put(match.first().stream(), new Step(match, to, order.startsAtSecond(match)));
      joined.get(to).add(match.second().stream());
    }
  }

  /** Connections at a point without a sighting at a later one so far. */
  List<Connection> ending(int at) {
    return path.get(at).connections().stream()
        .filter(connection -> !steps.get(at).containsKey(connection.stream()))
        .toList();
  }

  /** Connections at a point without a sighting at an earlier one so far. */
  List<Connection> beginning(int at) {
    return path.get(at).connections().stream()
        .filter(connection -> !joined.get(at).contains(connection.stream()))
        .toList();
  }

  /** All connections, those of the first point of the path first. */
  List<TracedConnection> trace() {
    List<Beginning> beginnings = new ArrayList<>();
    for (int start = 0; start < path.size(); start++) {
      for (Connection connection : beginning(start)) {
        beginnings.add(new Beginning(start, connection));
      }
    }
    // Each is aligned independently, and alignment is most of the work.
    return IntStream.range(0, beginnings.size())
        .parallel()
        .mapToObj(id -> follow(id, beginnings.get(id).at(), beginnings.get(id).connection()))
        .toList();
  }

  private TracedConnection follow(int id, int start, Connection first) {
    Map<CapturePoint, Connection> at = new LinkedHashMap<>();
    List<PairedConnection> pairs = new ArrayList<>();
    at.put(path.get(start).point(), first);
    int from = start;
    Step step = steps.get(from).get(first.stream());
    while (step != null) {
      ConnectionMatch match = step.match();
      at.put(path.get(from).point(), match.first());
      at.put(path.get(step.to()).point(), match.second());
      int number = id * (path.size() - 1) + pairs.size();
      PointCapture here = path.get(from);
      PointCapture there = path.get(step.to());
      pairs.add(
          step.back()
              ? new PairedConnection(id, number, there, here, match.reversed(), duplicates)
              : new PairedConnection(id, number, here, there, match, duplicates));
      from = step.to();
      step = steps.get(from).get(match.second().stream());
    }
    return new TracedConnection(id, PerPoint.of(at), pairs);
  }
}
