package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Endpoint;

/** The connections between two endpoints at a point: several where a port is reused. */
public final class ConnectionsByEndpoints {
  private final Comparison comparison;
  private Map<Key, List<TracedConnection>> connections;

  /** A point and two endpoints in either role. */
  private record Key(CapturePoint point, Endpoint lower, Endpoint higher)
      implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing((Key key) -> key.point().name())
            .thenComparing(Key::lower)
            .thenComparing(Key::higher);

    static Key of(CapturePoint point, Endpoint one, Endpoint other) {
      return one.compareTo(other) <= 0 ? new Key(point, one, other) : new Key(point, other, one);
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  public ConnectionsByEndpoints(Comparison comparison) {
    this.comparison = comparison;
  }

  /** All connections between two endpoints in either role, the one that began first first. */
  public List<TracedConnection> at(CapturePoint point, Endpoint one, Endpoint other) {
    if (connections == null) {
      connections = index(); // Built on demand: most captures have no ICMP message.
    }
    return connections.getOrDefault(Key.of(point, one, other), List.of());
  }

  /** Of these connections, the one that began last before a time of the point's clock. */
  Optional<TracedConnection> latest(
      CapturePoint point, Endpoint one, Endpoint other, long beforeNanos) {
    List<TracedConnection> all = at(point, one, other);
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (firstNanos(all.get(middle), point) <= beforeNanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? Optional.empty() : Optional.of(all.get(low - 1));
  }

  private static long firstNanos(TracedConnection traced, CapturePoint point) {
    return traced.at().at(point).orElseThrow().firstTimeNanos();
  }

  private Map<Key, List<TracedConnection>> index() {
    // A tree, because a file can be made so that all keys have one hash.
    Map<Key, List<TracedConnection>> index = new TreeMap<>();
    for (TracedConnection traced : comparison.connections()) {
      for (CapturePoint point : traced.at().points()) {
        Connection seen = traced.at().at(point).orElseThrow();
        index
            .computeIfAbsent(Key.of(point, seen.client(), seen.server()), k -> new ArrayList<>(1))
            .add(traced);
      }
    }
    index.forEach(
        (key, all) ->
            all.sort(Comparator.comparingLong(traced -> firstNanos(traced, key.point()))));
    return index;
  }
}
