package org.mssbridge.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.TooBig;

/** Which connection each "too big" message of each point quotes. */
final class QuotedConnections {
  private final Map<Integer, List<Seen>> byConnection = new HashMap<>();
  private final Map<Ends, List<TracedConnection>> byEnds = new HashMap<>();

  /** Both ends of a connection as a point saw them, in either order. */
  private record Ends(CapturePoint point, Set<Endpoint> ends) {}

  /**
   * A message at a point.
   *
   * @param fromClient whether the quoted segment is one of the client's
   */
  record Seen(CapturePoint point, TooBig message, TracedConnection connection, boolean fromClient) {
    static Seen of(CapturePoint point, TooBig message, TracedConnection connection) {
      Endpoint client = connection.at().at(point).orElseThrow().client();
      return new Seen(point, message, connection, message.quotedSource().equals(client));
    }
  }

  QuotedConnections(Comparison comparison) {
    for (TracedConnection traced : comparison.connections()) {
      for (CapturePoint point : traced.at().points()) {
        Connection seen = traced.at().at(point).orElseThrow();
        byEnds
            .computeIfAbsent(ends(point, seen.client(), seen.server()), e -> new ArrayList<>())
            .add(traced);
      }
    }
    for (PointCapture capture : comparison.path()) {
      for (TooBig message : capture.tooBigs()) {
        connection(comparison, capture.point(), message)
            .map(traced -> Seen.of(capture.point(), message, traced))
            .ifPresent(
                seen ->
                    byConnection
                        .computeIfAbsent(seen.connection().id(), id -> new ArrayList<>())
                        .add(seen));
      }
    }
  }

  private static Ends ends(CapturePoint point, Endpoint one, Endpoint other) {
    return new Ends(point, new HashSet<>(List.of(one, other)));
  }

  /** By tshark's number; where the quote is too short for one, by the addresses and ports. */
  private Optional<TracedConnection> connection(
      Comparison comparison, CapturePoint point, TooBig message) {
    Optional<TracedConnection> byStream = comparison.byStream(point, message.stream());
    if (byStream.isPresent()) {
      return byStream;
    }
    TracedConnection latest = null;
    Ends ends = ends(point, message.quotedSource(), message.quotedDestination());
    for (TracedConnection traced : byEnds.getOrDefault(ends, List.of())) {
      if (traced.at().at(point).orElseThrow().firstTimeNanos() <= message.timeNanos()) {
        latest = traced;
      }
    }
    return Optional.ofNullable(latest);
  }

  /** The messages that quote a connection, point by point in the order of the path. */
  List<Seen> of(TracedConnection traced) {
    return byConnection.getOrDefault(traced.id(), List.of());
  }
}
