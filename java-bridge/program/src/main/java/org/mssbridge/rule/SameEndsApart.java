package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.ConnectionsByEndpoints;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.pairing.AmbiguousConnection;

/**
 * Finds connections that two points have between the same addresses and ports at the same time, and
 * that share no sequence number and no data: a proxy ends one and opens the other, and encrypts or
 * changes what it passes on.
 */
final class SameEndsApart {
  /** A proxy that waits for the request opens its own connection so much later. */
  private static final long MOST_APART_NANOS = 5_000_000_000L;

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
