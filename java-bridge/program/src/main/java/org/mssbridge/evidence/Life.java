package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.PerPoint;

/**
 * How a connection began and ended at each point that saw it, where anything about it is not fine.
 *
 * @param connection the connection
 * @param openings its SYNs that nothing answered
 * @param endings how it ended
 */
public record Life(
    TracedConnection connection, PerPoint<Opening> openings, PerPoint<Ending> endings) {

  /** The lives that are not fine, of all connections that belong to the path. */
  static List<Life> allOf(Comparison comparison) {
    Belonging belonging = new Belonging(comparison);
    Map<CapturePoint, PointCapture> captures = new LinkedHashMap<>();
    comparison.path().forEach(capture -> captures.put(capture.point(), capture));
    return comparison.connections().parallelStream()
        .filter(belonging::includes)
        .map(traced -> of(traced, comparison, captures))
        .filter(Objects::nonNull)
        .toList();
  }

  /** The life of a connection, null where it is fine at all points. */
  private static Life of(
      TracedConnection traced, Comparison comparison, Map<CapturePoint, PointCapture> captures) {
    if (isFine(traced, comparison, captures)) {
      return null;
    }
    List<Opening> openings = new ArrayList<>(2);
    List<Ending> endings = new ArrayList<>(2);
    for (CapturePoint point : traced.at().points()) {
      Connection seen = traced.at().at(point).orElseThrow();
      if (!seen.clientToServer().table().isTimed()) {
        return null;
      }
      openings.add(Opening.of(seen, Reach.endNanos(captures.get(point))));
      endings.add(Ending.of(seen, comparison.duplicates().at(point).orElseThrow()));
    }
    return new Life(traced, perPoint(traced, openings), perPoint(traced, endings));
  }

  /** As nearly all are: nothing is kept of these. */
  private static boolean isFine(
      TracedConnection traced, Comparison comparison, Map<CapturePoint, PointCapture> captures) {
    for (CapturePoint point : traced.at().points()) {
      Connection seen = traced.at().at(point).orElseThrow();
      if (!Ending.of(seen, comparison.duplicates().at(point).orElseThrow()).equals(Ending.FINE)
          || !Opening.of(seen, Reach.endNanos(captures.get(point))).equals(Opening.ANSWERED)) {
        return false;
      }
    }
    return true;
  }

  private static <T> PerPoint<T> perPoint(TracedConnection traced, List<T> values) {
    Map<CapturePoint, T> byPoint = new LinkedHashMap<>();
    for (CapturePoint point : traced.at().points()) {
      byPoint.put(point, values.get(byPoint.size()));
    }
    return PerPoint.of(byPoint);
  }

  /** The points that saw it, from the client to the server. */
  public List<CapturePoint> points() {
    return fromClient(connection.at().points());
  }

  /** Points in the order of the path, from the client to the server. */
  public List<CapturePoint> fromClient(Collection<CapturePoint> points) {
    List<CapturePoint> ordered = new ArrayList<>(points);
    if (connection.runsBack()) {
      Collections.reverse(ordered);
    }
    return Collections.unmodifiableList(ordered);
  }

  /** The connection as a point saw it. */
  public Connection at(CapturePoint point) {
    return connection.at().at(point).orElseThrow();
  }

  /** How it ended at a point that saw it. */
  public Ending ending(CapturePoint point) {
    return endings.at(point).orElseThrow();
  }

  /** Its two ends as a point saw them, such as {@code 192.0.2.1:5000 to 192.0.2.2:80}. */
  public String name(CapturePoint point) {
    Connection seen = at(point);
    return seen.client() + " to " + seen.server();
  }

  /**
   * Which connections belong to the path: in a comparison, one that a single point saw may be a
   * stranger, such as a scanner's probe. It belongs to the path where it leaves the first point,
   * from a host whose other connections pass it; where no connection passes, from a host that no
   * router separates from the first point.
   */
  private static final class Belonging {
    private final Comparison comparison;
    private final Set<String> clients = new HashSet<>();
    private final CapturePoint first;

    Belonging(Comparison comparison) {
      this.comparison = comparison;
      this.first = comparison.path().get(0).point();
      for (TracedConnection traced : comparison.connections()) {
        if (!traced.isOneSided()) {
          traced.at().at(first).ifPresent(seen -> clients.add(seen.client().address()));
        }
      }
    }

    boolean includes(TracedConnection traced) {
      if (!traced.isOneSided() || comparison.path().size() == 1) {
        return true;
      }
      Connection seen = traced.at().at(first).orElse(null);
      return seen != null
          && !comparison.isAmbiguous(first, seen.stream())
          && (clients.isEmpty()
              ? InitialTtl.is(seen.clientToServer().firstTtl())
              : clients.contains(seen.client().address()));
    }
  }
}
