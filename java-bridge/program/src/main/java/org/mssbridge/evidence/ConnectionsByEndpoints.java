package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Endpoint;

/** The connections between two endpoints at a point: several where a port is reused. */
public final class ConnectionsByEndpoints {
  private final Comparison comparison;
  private Map<Key, List<TracedConnection>> connections;

  private record Key(CapturePoint point, Set<Endpoint> endpoints) {
    static Key of(CapturePoint point, Endpoint one, Endpoint other) {
      return new Key(point, Set.copyOf(List.of(one, other)));
    }
  }

  public ConnectionsByEndpoints(Comparison comparison) {
    this.comparison = comparison;
  }

  /** All connections between two endpoints in either role, in the comparison's order. */
  public List<TracedConnection> at(CapturePoint point, Endpoint one, Endpoint other) {
    if (connections == null) {
      connections = index(); // Built on demand: most captures have no ICMP message.
    }
    return connections.getOrDefault(Key.of(point, one, other), List.of());
  }

  private Map<Key, List<TracedConnection>> index() {
    Map<Key, List<TracedConnection>> index = new HashMap<>();
    for (TracedConnection traced : comparison.connections()) {
      for (CapturePoint point : traced.at().points()) {
        Connection seen = traced.at().at(point).orElseThrow();
        index
            .computeIfAbsent(Key.of(point, seen.client(), seen.server()), k -> new ArrayList<>(1))
            .add(traced);
      }
    }
    return index;
  }
}
