package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.ConnectionsByEndpoints;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Kind;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Severity;
import org.mssbridge.pairing.AmbiguousConnection;

/**
 * Finds connections that two points have between the same addresses and ports at the same time, and
 * that share no sequence number and no data: a proxy ends one and opens the other, and encrypts or
 * changes what it passes on.
 */
final class SameEndsApart {
  /** A proxy that waits for the request opens its own connection so much later. */
  private static final long MOST_APART_NANOS = 5_000_000_000L;

  /** Connections at one point that have their likes at the other, of which they are no copies. */
  record Apart(OneSidedSight sight) implements Finding {
    @Override
    public Kind kind() {
      return ConnectionOneSided.KIND;
    }

    /** A proxy is no fault of the path. */
    @Override
    public Severity severity() {
      return Severity.NOTE;
    }

    @Override
    public String message() {
      boolean isOne = sight.connections() == 1;
      return String.format(
          "%s seen at %s %s the addresses and ports of %s at %s at the same time, but other"
              + " sequence numbers and other data: probably a proxy between them ends one and"
              + " opens another (as TLS inspection does)",
          Words.count(sight.connections(), "connection"),
          sight.point(),
          isOne ? "has" : "have",
          isOne ? "another" : "others",
          sight.missing());
    }

    @Override
    public boolean saysUnmatched() {
      return true;
    }

    @Override
    public Facts facts() {
      return sight.facts(/* isApart= */ true);
    }

    @Override
    public List<Cause> causes() {
      return List.of(
          new Cause(
              "a transparent proxy between " + sight.point() + " and " + sight.missing(),
              List.of(
                  "connections between the same addresses and ports begin within 5 s at both"
                      + " points, with other ISNs and other first data"),
              List.of(),
              OneSidedConnections.SOURCE));
    }

    @Override
    public String nextStep() {
      return String.format(
          "look for a proxy, TLS inspection or WAN accelerator between %s and %s; each of its"
              + " sides is a path of its own: capture on the proxy, and compare each side by"
              + " itself",
          sight.point(), sight.missing());
    }
  }

  private final Comparison comparison;
  private final ConnectionsByEndpoints byEndpoints;

  SameEndsApart(Comparison comparison) {
    this.comparison = comparison;
    byEndpoints = new ConnectionsByEndpoints(comparison);
  }

  /** The other point's connection with the same ends as one that it should have; both answered. */
  Optional<Connection> at(CapturePoint missing, CapturePoint point, Connection connection) {
    if (!isAnswered(connection)) {
      return Optional.empty();
    }
    List<Connection> found =
        byEndpoints.at(missing, connection.client(), connection.server()).stream()
            .filter(TracedConnection::isOneSided)
            .flatMap(traced -> traced.at().at(missing).stream())
            .filter(other -> isAnswered(other) && other.client().equals(connection.client()))
            .filter(other -> isOther(other.clientToServer(), connection.clientToServer()))
            .filter(other -> isSoon(other, missing, connection, point))
            .toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** Whether it is clear after all which connection of the other point has the same ends. */
  boolean has(AmbiguousConnection ambiguous) {
    return at(ambiguous.other(), ambiguous.point(), ambiguous.connection()).isPresent();
  }

  private static boolean isAnswered(Connection connection) {
    return connection.hasSyn()
        && connection.serverToClient().hasHandshake()
        && connection.clientToServer().table().isTimed();
  }

  private static boolean isOther(Flow one, Flow other) {
    return !one.isn().equals(other.isn())
        && one.payloadDigest() != 0
        && other.payloadDigest() != 0
        && one.payloadDigest() != other.payloadDigest();
  }

  private boolean isSoon(
      Connection other, CapturePoint missing, Connection connection, CapturePoint point) {
    long nanos = synNanos(connection.clientToServer());
    long there = comparison.timeAt(missing, point, nanos);
    return Math.abs(synNanos(other.clientToServer()) - there) <= MOST_APART_NANOS;
  }

  private static long synNanos(Flow client) {
    return client.firstHandshake().orElseThrow().timeNanos();
  }
}
