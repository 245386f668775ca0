package org.mssbridge.rule;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Kind;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Severity;

/** Clients that ask one server for many ports and never send any data: scanners. */
final class PortScans {
  /** No service that is down is asked for on so many ports. */
  private static final int LEAST_PORTS = 20;

  /**
   * Connections that scan ports and that one point does not have.
   *
   * @param scanners the clients that ask for them
   * @param ports for how many ports the busiest of these asks
   */
  record Scan(OneSidedConnections connections, Set<String> scanners, int ports) implements Finding {
    Scan {
      scanners = Collections.unmodifiableSet(new TreeSet<>(scanners));
    }

    private String names() {
      return scanners.size() == 1 ? scanners.iterator().next() : scanners.size() + " clients";
    }

    @Override
    public Kind kind() {
      return connections.kind();
    }

    /** A scan is no fault of the path. */
    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      boolean isOne = scanners.size() == 1;
      return String.format(
          "%s; %s %s %d ports and %s no data: probably a port scan",
          connections.message(),
          names(),
          isOne ? "asks for" : "ask for up to",
          ports,
          isOne ? "sends" : "send");
    }

    @Override
    public boolean saysUnmatched() {
      return connections.saysUnmatched();
    }

    @Override
    public Facts facts() {
      return connections.facts().and("scanners", List.copyOf(scanners)).and("scanned_ports", ports);
    }

    @Override
    public List<Explanation> because() {
      return connections.because();
    }

    @Override
    public List<Cause> causes() {
      return connections.causes();
    }

    @Override
    public String nextStep() {
      return String.format(
          "find out whether %s %s of yours; a firewall that drops such SYNs is no fault of the"
              + " path",
          names(), scanners.size() == 1 ? "is a scanner" : "are scanners");
    }
  }

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
