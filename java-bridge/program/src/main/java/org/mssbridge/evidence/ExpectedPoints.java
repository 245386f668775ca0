package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.TcpFlags;

/**
 * The points that a connection must have passed: what else goes to the same server, takes the same
 * way.
 */
public final class ExpectedPoints {
  private final Comparison comparison;
  private final List<CapturePoint> path;

  /** By the numbers of both points on the path; null from a point to itself. */
  private final Crossed[][] crossed;

  /** What goes from one point to another. */
  private static final class Crossed {
    private final boolean towardsServer;

    /** Servers, with the client where the way leads towards it. */
    private final Set<Ends> servers = new HashSet<>();

    private final Set<Ends> ports = new HashSet<>();

    /** The addresses of servers, or clients, that are translated: there may be several hosts. */
    private final Map<Ends, Endpoint> translated = new HashMap<>();

    Crossed(boolean towardsServer) {
      this.towardsServer = towardsServer;
    }

    void add(Connection here, Connection there) {
      Ends ends = server(here);
      servers.add(ends);
      ports.add(port(here));
      Endpoint end = towardsServer ? here.server() : here.client();
      Endpoint other = towardsServer ? there.server() : there.client();
      if (!end.address().equals(other.address())) {
        translated.putIfAbsent(ends, other);
      }
    }

    Ends server(Connection here) {
      return new Ends(towardsServer ? "" : here.client().address(), here.server().address(), 0);
    }

    Ends port(Connection here) {
      return new Ends(
          towardsServer ? "" : here.client().address(),
          here.server().address(),
          here.server().port());
    }
  }

  /** A client, or none, and a server, perhaps with its port. */
  private record Ends(String client, String server, int port) implements Comparable<Ends> {
    private static final Comparator<Ends> ORDER =
        Comparator.comparing(Ends::client).thenComparing(Ends::server).thenComparingInt(Ends::port);

    @Override
    public int compareTo(Ends that) {
      return ORDER.compare(this, that);
    }
  }

  ExpectedPoints(Comparison comparison) {
    this.comparison = comparison;
    path = comparison.path().stream().map(PointCapture::point).toList();
    crossed = new Crossed[path.size()][path.size()];
    if (comparison.connections().stream().allMatch(this::isEverywhere)) {
      return; // As usual; nobody will ask.
    }
    Connection[] seen = new Connection[path.size()];
    for (TracedConnection traced : comparison.connections()) {
      for (int i = 0; i < seen.length; i++) {
        seen[i] = traced.at().at(path.get(i)).orElse(null);
      }
      add(seen);
    }
  }

  private void add(Connection[] seen) {
    for (int from = 0; from < seen.length; from++) {
      for (int to = 0; to < seen.length; to++) {
        if (from != to && seen[from] != null && seen[to] != null) {
          if (crossed[from][to] == null) {
            crossed[from][to] = new Crossed(to > from);
          }
          crossed[from][to].add(seen[from], seen[to]);
        }
      }
    }
  }

  private Optional<Crossed> crossed(CapturePoint point, CapturePoint other) {
    return Optional.ofNullable(crossed[path.indexOf(point)][path.indexOf(other)]);
  }

  private boolean isEverywhere(TracedConnection traced) {
    return traced.at().points().size() == path.size();
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
    return crossed(point, other)
        .filter(way -> way.ports.contains(way.port(connection)))
        .isPresent();
  }

  /**
   * The address that a connection's server has at a farther point, where a NAT between the points
   * translates it: it may distribute connections to several hosts, of which that point sees one.
   * Empty for a translation between IPv4 and IPv6, which gives each host an address of its own.
   */
  public Optional<Endpoint> translatedServer(
      CapturePoint point, Connection connection, CapturePoint farther) {
    return crossed(point, farther)
        .filter(way -> way.towardsServer)
        .map(way -> way.translated.get(way.server(connection)))
        .filter(server -> server.isIpv6() == connection.isIpv6());
  }

  /**
   * An address that is translated may be that of several hosts: one that answers need not be the
   * one behind the other point.
   */
  private boolean mustPass(CapturePoint point, Connection connection, CapturePoint other) {
    Optional<Crossed> way = crossed(point, other);
    if (way.isEmpty()) {
      return false;
    }
    Ends ends = way.get().server(connection);
    boolean hidden =
        way.get().translated.containsKey(ends)
            && (!way.get().towardsServer || isAnswered(point, connection, other));
    return way.get().servers.contains(ends) && !hidden;
  }

  /** Whether the server accepts it, or refuses it where there may be several. */
  private boolean isAnswered(CapturePoint point, Connection connection, CapturePoint other) {
    int row = connection.serverToClient().firstRow();
    boolean isRefused =
        row < 0
            ? connection.clientToServer().firstRefusal().isPresent()
            : (connection.serverToClient().table().flags(row) & TcpFlags.RST) != 0;
    return isRefused ? translatedServer(point, connection, other).isPresent() : row >= 0;
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
