package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.TcpFlags;

/**
 * The points that a connection must have passed: what else goes to the same server, takes the same
 * way.
 */
public final class ExpectedPoints {
  private final Comparison comparison;
  private final List<CapturePoint> path;
  private final Set<Crossing> servers = new HashSet<>();
  private final Set<Crossing> ports = new HashSet<>();

  /** Servers behind an address that is translated: a load balancer may have several. */
  private final Set<Crossing> translated = new HashSet<>();

  /**
   * A way from one point to another.
   *
   * @param client the client's address, where the way leads towards it; empty where it leads
   *     towards the server
   */
  private record Crossing(
      CapturePoint point, CapturePoint other, String client, String server, int port)
      implements Comparable<Crossing> {
    private static final Comparator<Crossing> ORDER =
        Comparator.comparing((Crossing crossing) -> crossing.point().name())
            .thenComparing(crossing -> crossing.other().name())
            .thenComparing(Crossing::client)
            .thenComparing(Crossing::server)
            .thenComparingInt(Crossing::port);

    @Override
    public int compareTo(Crossing that) {
      return ORDER.compare(this, that);
    }
  }

  ExpectedPoints(Comparison comparison) {
    this.comparison = comparison;
    path = comparison.path().stream().map(PointCapture::point).toList();
    if (comparison.connections().stream().allMatch(this::isEverywhere)) {
      return; // As usual; nobody will ask.
    }
    for (TracedConnection traced : comparison.connections()) {
      for (CapturePoint point : traced.at().points()) {
        for (CapturePoint other : traced.at().points()) {
          if (!other.equals(point)) {
            add(traced, point, other);
          }
        }
      }
    }
  }

  private boolean isEverywhere(TracedConnection traced) {
    return traced.at().points().size() == path.size();
  }

  private void add(TracedConnection traced, CapturePoint point, CapturePoint other) {
    Connection here = traced.at().at(point).orElseThrow();
    Connection there = traced.at().at(other).orElseThrow();
    servers.add(crossing(point, here, other, false));
    ports.add(crossing(point, here, other, true));
    boolean towardsServer = path.indexOf(other) > path.indexOf(point);
    if (towardsServer
        ? !here.server().address().equals(there.server().address())
        : !here.client().address().equals(there.client().address())) {
      translated.add(crossing(point, here, other, false));
    }
  }

  private Crossing crossing(
      CapturePoint point, Connection connection, CapturePoint other, boolean withPort) {
    boolean towardsServer = path.indexOf(other) > path.indexOf(point);
    return new Crossing(
        point,
        other,
        towardsServer ? "" : connection.client().address(),
        connection.server().address(),
        withPort ? connection.server().port() : 0);
  }

  /**
   * The points that a connection must have passed, and whose captures cover the time of one of its
   * SYNs at least, and which do not have it.
   */
  public List<CapturePoint> missing(TracedConnection traced) {
    if (isEverywhere(traced)) {
      return List.of();
    }
    List<CapturePoint> missing = new ArrayList<>();
    for (PointCapture other : comparison.path()) {
      if (traced.at().at(other.point()).isEmpty() && isMissing(traced, other)) {
        missing.add(other.point());
      }
    }
    return missing;
  }

  private boolean isMissing(TracedConnection traced, PointCapture other) {
    CapturePoint point = nearest(traced, other.point());
    Connection connection = traced.at().at(point).orElseThrow();
    // An ambiguous connection is in the other capture too; it is only unclear which one it is.
    return connection.hasSyn()
        && !endsBefore(point, connection, other.point())
        && !comparison.isAmbiguous(point, connection.stream())
        && Reach.coversSyn(comparison, other, point, connection)
        && mustPass(point, connection, other.point());
  }

  /** The point that saw the connection and is nearest on the path to a point that did not. */
  public CapturePoint nearest(TracedConnection traced, CapturePoint other) {
    int position = path.indexOf(other);
    return traced.at().points().stream()
        .min(Comparator.comparingInt(point -> Math.abs(path.indexOf(point) - position)))
        .orElseThrow();
  }

  /** Whether another connection to the same server and port is at both points. */
  public boolean hasPort(CapturePoint point, Connection connection, CapturePoint other) {
    return ports.contains(crossing(point, connection, other, true));
  }

  /**
   * An address that is translated may be that of several hosts; one that answers need not be the
   * one behind the other point.
   */
  private boolean mustPass(CapturePoint point, Connection connection, CapturePoint other) {
    Crossing crossing = crossing(point, connection, other, false);
    boolean towardsServer = crossing.client().isEmpty();
    int row = connection.serverToClient().firstRow();
    boolean answered =
        row >= 0 && (connection.serverToClient().table().flags(row) & TcpFlags.RST) == 0;
    boolean hidden = translated.contains(crossing) && (answered || !towardsServer);
    return servers.contains(crossing) && !hidden;
  }

  /**
   * Whether the path ends before the other point: an initial TTL shows that the host is at this
   * point. That of a RST alone shows where a firewall is, not the server.
   */
  private boolean endsBefore(CapturePoint point, Connection connection, CapturePoint other) {
    boolean upstream = path.indexOf(other) < path.indexOf(point);
    Flow server = connection.serverToClient();
    if (!upstream && server.segments() == server.resets()) {
      return false;
    }
    return InitialTtl.is(connection.flow(upstream ? Direction.C2S : Direction.S2C).firstTtl());
  }
}
