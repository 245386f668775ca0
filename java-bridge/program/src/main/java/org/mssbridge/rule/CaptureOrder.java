package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Overlap;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Datagram;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Checks that the captures show the same traffic and were given in path order. */
final class CaptureOrder implements Rule {
  static final Kind SWAPPED =
      new Kind(
          "capture.swapped",
          Severity.WARN,
          Group.ASSUMPTION,
          "the points were given in the wrong order");
  static final Kind NO_OVERLAP =
      new Kind(
          "capture.no-overlap",
          Severity.WARN,
          Group.ASSUMPTION,
          "the captures share no time or no connection");

  /** IPv4 and IPv6 in IP (RFC 2003, RFC 4213) and GRE. */
  private static final Set<Integer> TUNNELS = Set.of(4, 41, Datagram.GRE);

  record Swapped(List<String> pathOrder) implements Finding {
    @Override
    public Kind kind() {
      return SWAPPED;
    }

    @Override
    public String message() {
      String order = "the captures were given in the wrong order: by TTL and handshake timing, ";
      return pathOrder.size() == 2
          ? String.format(
              "%sthe point named %s is nearer the client and the one named %s nearer the server",
              order, pathOrder.get(0), pathOrder.get(1))
          : order + "the path from the client to the server is " + String.join(" - ", pathOrder);
    }

    @Override
    public Facts facts() {
      return Facts.NONE.and("path_order", pathOrder);
    }

    @Override
    public String nextStep() {
      return pathOrder.size() == 2
          ? "give the capture nearer the client first"
          : "give the captures in this order: " + String.join(", ", pathOrder);
    }
  }

  /**
   * Two captures without a common connection.
   *
   * @param encrypted the encrypted tunnels that may hold the connections, in words; one entry per
   *     point that has such
   * @param unopened the point that has tunnels, where the other may hold what they carry besides
   *     TCP; empty for none
   */
  record NoOverlap(
      CapturePoint point,
      CapturePoint other,
      Overlap overlap,
      List<Encrypted> encrypted,
      Optional<CapturePoint> unopened)
      implements Finding {
    @Override
    public Kind kind() {
      return NO_OVERLAP;
    }

    @Override
    public String message() {
      if (!encrypted.isEmpty()) {
        return encrypted.stream()
            .map(one -> one.words() + ": nothing can be compared there")
            .collect(Collectors.joining("; "));
      }
      if (overlap.isApart()) {
        return String.format(
            "the captures at %s and %s do not overlap in time: by their clocks, the one at %s ends"
                + " %s before the one at %s begins, so they share no connection unless a clock is"
                + " wrong",
            point,
            other,
            overlap.isFirstEarlier() ? point : other,
            Words.longTime(-overlap.nanos()),
            overlap.isFirstEarlier() ? other : point);
      }
      if (!overlap.isTimed()) {
        return "no connection in the capture at " + point + " is found in the one at " + other;
      }
      return String.format(
          "the captures at %s and %s cover the same %s but share no connection: a proxy or load"
              + " balancer between them opens its own, or they show other traffic%s",
          point,
          other,
          Words.longTime(overlap.nanos()),
          unopened
              .map(at -> "; what the tunnels at " + at + " carry besides TCP is not compared")
              .orElse(""));
    }

    @Override
    public Facts facts() {
      return Facts.NONE
          .and("points", List.of(point.name(), other.name()))
          .and("times_overlap", !overlap.isApart())
          .and("encrypted_at", encrypted.stream().map(one -> one.point().name()).toList());
    }

    @Override
    public String nextStep() {
      if (overlap.isApart()) {
        return "capture at both points at the same time; if they ran at the same time, set the"
            + " clocks of both capturing hosts";
      }
      String check =
          "look at each capture alone (mssbridge inspect FILE); if no proxy or load balancer is"
              + " between the points, check the capture filters and the addresses";
      return encrypted.isEmpty()
          ? check
          : "capture on the inner side of the tunnel's end near "
              + encrypted.get(0).point()
              + ", where packets are not encrypted; or "
              + check;
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(SWAPPED, NO_OVERLAP);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Comparison comparison = evidence.comparison();
    List<String> path = comparison.path().stream().map(capture -> capture.point().name()).toList();
    if (comparison.isSwapped()) {
      Occurrence occurrence = Occurrence.anywhere();
      if (!comparison.pairs().isEmpty()) {
        TracedConnection first = comparison.connections().get(comparison.pairs().get(0).id());
        for (CapturePoint point : first.at().points()) {
          occurrence = occurrence.at(point, first.at().at(point).orElseThrow().firstFrame());
        }
      }
      findings.add(new Swapped(path), occurrence);
    }
    for (int i = 1; i < path.size(); i++) {
      PointCapture capture = comparison.path().get(i - 1);
      PointCapture other = comparison.path().get(i);
      boolean hasTcp = !capture.connections().isEmpty() || !other.connections().isEmpty();
      if (hasTcp || !evidence.datagrams().isShared(capture.point(), other.point())) {
        checkOverlap(comparison, capture, other, findings);
      }
    }
  }

  /** Compares the captures' own times: without a pair, the clock offset is unknown. */
  private static void checkOverlap(
      Comparison comparison, PointCapture capture, PointCapture other, Findings findings) {
    Overlap overlap = Overlap.of(comparison, capture.point(), other.point());
    boolean ambiguous =
        comparison.ambiguousConnections().stream()
            .anyMatch(a -> a.point().equals(capture.point()) && a.other().equals(other.point()));
    if (overlap.sharesConnection() || (ambiguous && !overlap.isFarApart())) {
      return;
    }
    List<Encrypted> encrypted =
        overlap.isApart()
            ? List.of()
            : Stream.of(capture, other).flatMap(one -> Encrypted.of(one).stream()).toList();
    Occurrence occurrence = Occurrence.anywhere();
    for (Encrypted one : encrypted) {
      occurrence = occurrence.at(one.point(), one.firstFrame());
    }
    findings.add(
        new NoOverlap(capture.point(), other.point(), overlap, encrypted, unopened(capture, other)),
        occurrence);
  }

  private static Optional<CapturePoint> unopened(PointCapture one, PointCapture other) {
    PointCapture inTunnel = hasTunnels(one) ? one : other;
    PointCapture outside = hasTunnels(one) ? other : one;
    return hasTunnels(inTunnel) && !hasTunnels(outside) && outside.datagrams().packets() > 0
        ? Optional.of(inTunnel.point())
        : Optional.empty();
  }

  private static boolean hasTunnels(PointCapture capture) {
    return capture.datagrams().carrierPackets() > 0
        || capture.datagrams().flows().stream().anyMatch(flow -> TUNNELS.contains(flow.protocol()));
  }
}
