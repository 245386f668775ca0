package org.mssbridge.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.PerPoint;

/** Joins the pairings of neighbouring captures to connections along the whole path. */
final class ConnectionTracer {
  private final List<PointCapture> path;
  private final PerPoint<CaptureDuplicates> duplicates;
  private final List<Map<Integer, ConnectionMatch>> matchByStream = new ArrayList<>();
  private final List<Set<Integer>> joined = new ArrayList<>();

  /**
   * Takes the pairings over.
   *
   * @param path the captures from the client's side on
   * @param matches one list for each two neighbours of the path
   * @param duplicates what each capture holds twice
   */
  ConnectionTracer(
      List<PointCapture> path,
      List<List<ConnectionMatch>> matches,
      PerPoint<CaptureDuplicates> duplicates) {
    this.path = path;
    this.duplicates = duplicates;
    path.forEach(capture -> joined.add(new HashSet<>()));
    for (int leg = 0; leg < matches.size(); leg++) {
      Map<Integer, ConnectionMatch> byStream = new HashMap<>();
      for (ConnectionMatch match : matches.get(leg)) {
        byStream.put(match.clientSide().stream(), match);
        joined.get(leg + 1).add(match.serverSide().stream());
      }
      matchByStream.add(byStream);
    }
  }

  /** All connections, those of the first point of the path first. */
  List<TracedConnection> trace() {
    List<TracedConnection> traced = new ArrayList<>();
    for (int start = 0; start < path.size(); start++) {
      for (Connection connection : path.get(start).connections()) {
        if (!joined.get(start).contains(connection.stream())) {
          traced.add(follow(traced.size(), start, connection));
        }
      }
    }
    return traced;
  }

  private TracedConnection follow(int id, int start, Connection first) {
    Map<CapturePoint, Connection> at = new LinkedHashMap<>();
    List<PairedConnection> pairs = new ArrayList<>();
    at.put(path.get(start).point(), first);
    int stream = first.stream();
    for (int leg = start; leg < matchByStream.size(); leg++) {
      ConnectionMatch match = matchByStream.get(leg).get(stream);
      if (match == null) {
        break;
      }
      at.put(path.get(leg).point(), match.clientSide());
      at.put(path.get(leg + 1).point(), match.serverSide());
      pairs.add(new PairedConnection(id, path.get(leg), path.get(leg + 1), match, duplicates));
      stream = match.serverSide().stream();
    }
    return new TracedConnection(id, PerPoint.of(at), pairs);
  }
}
