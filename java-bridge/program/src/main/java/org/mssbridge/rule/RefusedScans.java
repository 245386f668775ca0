package org.mssbridge.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Life;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Endpoint;

/**
 * Refused connections that are probably scans: many clients, none of which completes a connection,
 * ask a server for many ports.
 */
final class RefusedScans {
  /** So many clients ... */
  private static final int LEAST_CLIENTS = 5;

  /** ... and ports are no service that is down. */
  private static final int LEAST_PORTS = 3;

  /** Addresses of clients that complete a connection. */
  private final Set<String> welcome = new TreeSet<>();

  private final Map<String, Asked> byServer = new TreeMap<>();

  /** The strangers that one server refuses, and the ports that they ask for. */
  private record Asked(Set<String> clients, Set<Integer> ports) {}

  /**
   * A server's scans.
   *
   * @param clients the number of clients, 0 where these are no scans
   * @param ports the number of ports
   */
  record Scans(int clients, int ports) {
    static final Scans NONE = new Scans(0, 0);

    boolean isAny() {
      return clients > 0;
    }

    String text() {
      return isAny()
          ? String.format(
              "; %d clients that complete no connection ask for %d ports: probably scans",
              clients, ports)
          : "";
    }
  }

  RefusedScans(Evidence evidence) {
    List<Life> refused =
        evidence.lives().stream()
            .filter(
                life ->
                    life.points().stream()
                        .anyMatch(point -> life.ending(point) instanceof Ending.Refused))
            .toList();
    if (refused.size() < LEAST_CLIENTS) {
      return; // As usual.
    }
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (CapturePoint point : traced.at().points()) {
        Connection seen = traced.at().at(point).orElseThrow();
        if (seen.serverToClient().segments() > seen.serverToClient().resets()) {
          welcome.add(seen.client().address());
        }
      }
    }
    for (Life life : refused) {
      Connection seen = life.at(life.points().get(0));
      if (!welcome.contains(seen.client().address())) {
        Asked asked =
            byServer.computeIfAbsent(
                seen.server().address(), server -> new Asked(new TreeSet<>(), new HashSet<>()));
        asked.clients().add(seen.client().address());
        asked.ports().add(seen.server().port());
      }
    }
  }

  /** The scans that a refused connection belongs to. */
  Scans of(Endpoint client, Endpoint server) {
    Asked asked = byServer.get(server.address());
    return asked == null
            || welcome.contains(client.address())
            || asked.clients().size() < LEAST_CLIENTS
            || asked.ports().size() < LEAST_PORTS
        ? Scans.NONE
        : new Scans(asked.clients().size(), asked.ports().size());
  }
}
