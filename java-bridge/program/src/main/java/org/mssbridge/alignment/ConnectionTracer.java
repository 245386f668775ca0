package org.mssbridge.alignment;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
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
  private final Step[][] steps;

  /** For each point: the streams that were also seen at an earlier point. */
  private final List<BitSet> joined;

  /** Values at all points that a connection passes; those of alike ones share the points. */
  private final Map<List<CapturePoint>, PerPoint<CapturePoint>> passed = new ConcurrentHashMap<>();

  private final Map<List<CapturePoint>, PairedConnection.Ends> ends = new ConcurrentHashMap<>();

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
    this(path, duplicates, new Step[path.size()][], new ArrayList<>());
    for (int i = 0; i < steps.length; i++) {
      steps[i] = new Step[path.get(i).streams()];
      joined.add(new BitSet());
    }
  }

  private ConnectionTracer(
      List<PointCapture> path,
      PerPoint<CaptureDuplicates> duplicates,
      Step[][] steps,
      List<BitSet> joined) {
    this.path = path;
    this.duplicates = duplicates;
    this.steps = steps;
    this.joined = joined;
  }

  /** Adds the pairings of two points, given by their indexes in the path. */
  void join(int from, int to, PathOrder order) {
    for (int i = 0; i < order.matches().size(); i++) {
      ConnectionMatch match = order.matches().get(i);
      steps[from][match.first().stream()] = new Step(match, to, order.startsAtSecond(i));
      joined.get(to).set(match.second().stream());
    }
  }

  /** Connections at a point without a sighting at a later one so far. */
  List<Connection> ending(int at) {
    return path.get(at).connections().stream()
        .filter(connection -> steps[at][connection.stream()] == null)
        .toList();
  }

  /** Connections at a point without a sighting at an earlier one so far. */
  List<Connection> beginning(int at) {
    return path.get(at).connections().stream()
        .filter(connection -> !joined.get(at).get(connection.stream()))
        .toList();
  }

  /** The captures in path order, those between others with the times that they do not cover. */
  List<PointCapture> withHoles() {
    if (path.size() < 3) {
      return path;
    }
    List<List<CaptureHoles.Sighting>> sightings = new ArrayList<>();
    path.forEach(capture -> sightings.add(new ArrayList<>()));
    for (int start = 0; start < path.size(); start++) {
      for (Connection first : beginning(start)) {
        addSightings(start, first, sightings);
      }
    }
    return IntStream.range(0, path.size())
        .parallel()
        .mapToObj(
            i -> {
              List<Coverage.Hole> holes = CaptureHoles.of(path.get(i), sightings.get(i));
              return holes.isEmpty() ? path.get(i) : path.get(i).with(holes);
            })
        .toList();
  }

  /** Adds a connection to the points between its first and its last one. */
  private void addSightings(
      int start, Connection first, List<List<CaptureHoles.Sighting>> sightings) {
    int at = start;
    Connection seen = first;
    Connection previous = null;
    int previousAt = -1;
    for (Step step = steps[at][seen.stream()]; step != null; ) {
      CaptureHoles.Elsewhere before = elsewhere(at, step.match().first());
      CaptureHoles.Elsewhere after = elsewhere(step.to(), step.match().second());
      if (previous != null) {
        sightings
            .get(at)
            .add(
                new CaptureHoles.Sighting(
                    elsewhere(previousAt, previous), step.match().first(), after));
      }
      for (int between = at + 1; between < step.to(); between++) {
        sightings.get(between).add(new CaptureHoles.Sighting(before, null, after));
      }
      previous = step.match().first();
      previousAt = at;
      at = step.to();
      seen = step.match().second();
      step = steps[at][seen.stream()];
    }
  }

  private CaptureHoles.Elsewhere elsewhere(int at, Connection seen) {
    return new CaptureHoles.Elsewhere(path.get(at).point(), seen);
  }

  /** The same pairings of captures that cover other times. */
  ConnectionTracer with(List<PointCapture> captures) {
    return new ConnectionTracer(captures, duplicates, steps, joined);
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
    List<CapturePoint> points = new ArrayList<>(2);
    List<Connection> at = new ArrayList<>(2);
    List<PairedConnection> pairs = new ArrayList<>(1);
    points.add(path.get(start).point());
    at.add(first);
    int from = start;
    Step step = steps[from][first.stream()];
    while (step != null) {
      ConnectionMatch match = step.match();
      at.set(at.size() - 1, match.first());
      points.add(path.get(step.to()).point());
      at.add(match.second());
      int number = id * (path.size() - 1) + pairs.size();
      pairs.add(
          step.back()
              ? new PairedConnection(id, number, ends(step.to(), from), match.reversed())
              : new PairedConnection(id, number, ends(from, step.to()), match));
      from = step.to();
      step = steps[from][match.second().stream()];
    }
    PerPoint<Connection> seen = PerPoint.like(passed(points), at);
    if (pairs.size() < 2) {
      return new TracedConnection(id, seen, pairs, List.of());
    }
    PointsBeyond beyond = new PointsBeyond(pairs, this::across);
    return new TracedConnection(id, seen, beyond.corrected(), beyond.unjudged());
  }

  /** A connection at the outer points of two pairs. */
  private PairedConnection across(PairedConnection nearClient, PairedConnection nearServer) {
    PairedConnection weaker =
        nearClient.confidence() < nearServer.confidence() ? nearClient : nearServer;
    return new PairedConnection(
        nearClient.id(),
        PairedConnection.ACROSS,
        PairedConnection.Ends.of(
            nearClient.nearCapture(Direction.C2S),
            nearServer.farCapture(Direction.C2S),
            duplicates),
        new ConnectionMatch(
            nearClient.near(Direction.C2S),
            nearServer.far(Direction.C2S),
            weaker.matchedBy(),
            weaker.confidence()));
  }

  private PerPoint<CapturePoint> passed(List<CapturePoint> points) {
    PerPoint<CapturePoint> known = passed.get(points);
    return known != null
        ? known
        : passed.computeIfAbsent(
            List.copyOf(points),
            all -> {
              Map<CapturePoint, CapturePoint> each = new LinkedHashMap<>();
              all.forEach(point -> each.put(point, point));
              return PerPoint.of(each);
            });
  }

  private PairedConnection.Ends ends(int first, int second) {
    PointCapture one = path.get(first);
    PointCapture other = path.get(second);
    return ends.computeIfAbsent(
        List.of(one.point(), other.point()),
        points -> PairedConnection.Ends.of(one, other, duplicates));
  }
}
