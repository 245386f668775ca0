package org.mssbridge.rule;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;

/** Clients that ask one server for many ports and never send any data: scanners. */
final class PortScans {
  /** No service that is down is asked for on so many ports. */
  private static final int LEAST_PORTS = 20;

  private final Comparison comparison;

  /** By client and server; null until the first question. */
  private Map<String, Set<Integer>> ports;

  /** Clients that send data on any connection. */
  private final Set<String> users = new TreeSet<>();

  PortScans(Comparison comparison) {
    this.comparison = comparison;
  }

  /** For how many ports a connection's client scans its server, 0 where it does not. */
  int ports(Connection connection) {
    if (ports == null) {
      ports = new TreeMap<>();
      for (TracedConnection traced : comparison.connections()) {
        for (CapturePoint point : traced.at().points()) {
          add(traced.at().at(point).orElseThrow());
        }
      }
    }
    int asked = ports.getOrDefault(ends(connection), Set.of()).size();
    return asked < LEAST_PORTS || users.contains(connection.client().address()) ? 0 : asked;
  }

  private void add(Connection seen) {
    if (seen.clientToServer().dataSegments() > 0) {
      users.add(seen.client().address());
    } else if (seen.hasSyn()) {
      ports.computeIfAbsent(ends(seen), each -> new HashSet<>()).add(seen.server().port());
    }
  }

  private static String ends(Connection connection) {
    return connection.client().address() + " " + connection.server().address();
  }
}
