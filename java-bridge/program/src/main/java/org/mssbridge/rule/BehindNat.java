package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.HandshakeGaps;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/**
 * A refusal where the server's address is translated before the next point: that this point does
 * not have the SYN is no sign of a drop, as it can have gone to another host.
 *
 * @param far the next point
 * @param server the address that is refused, at the last point
 * @param captured the address that other connections to it have at the next point
 * @param ttl the TTL of the refusal, -1 where it is unknown
 * @param ttlIs how it compares
 * @param refusedNanos the least time from a SYN to its refusal
 * @param acceptedNanos the least time from a SYN to the SYN/ACK of the same server; -1 where
 *     unknown
 */
record BehindNat(
    CapturePoint far,
    String server,
    String captured,
    int ttl,
    TtlIs ttlIs,
    long refusedNanos,
    long acceptedNanos) {
  /** The TTL of a refusal, against that of the server's other packets. */
  enum TtlIs {
    SAME,
    OTHER,
    UNKNOWN
  }

  static BehindNat of(CapturePoint far, Endpoint server, Endpoint captured, int ttl, RefusedBy by) {
    TtlIs ttlIs =
        switch (by) {
          case SERVER -> TtlIs.SAME;
          case DEVICE -> TtlIs.OTHER;
          case CAPTURE_HOST, SERVER_HERE, UNKNOWN -> TtlIs.UNKNOWN;
        };
    return new BehindNat(far, server.address(), captured.address(), ttl, ttlIs, 0, -1);
  }

  BehindNat taking(long leastRefusedNanos, PointCapture last, Evidence evidence) {
    long least = -1;
    for (Connection connection : last.connections()) {
      if (connection.server().address().equals(server)
          && SenderTtls.isCrossing(evidence, last.point(), connection, Direction.S2C)) {
        Optional<HandshakeGaps> gaps = HandshakeGaps.of(connection);
        if (gaps.isPresent() && (least < 0 || gaps.get().serverNanos() < least)) {
          least = gaps.get().serverNanos();
        }
      }
    }
    return new BehindNat(far, server, captured, ttl, ttlIs, leastRefusedNanos, least);
  }

  /** Whether it comes from clearly nearer than the server. */
  private boolean isSooner() {
    return acceptedNanos >= 0 && refusedNanos < acceptedNanos / 2;
  }

  /** Whether it comes from as far as the server. */
  boolean isAsFar() {
    return ttlIs == TtlIs.SAME && !isSooner();
  }

  /**
   * Where the refusal arises.
   *
   * @param last the last point that saw it
   * @param isCovered whether the next point's capture covers the time of some
   */
  String text(CapturePoint last, boolean isCovered) {
    if (!isAsFar()) {
      return "behind "
          + last
          + ", at the NAT or load balancer or at a backend "
          + (isCovered ? "other than the one captured at " + far : "behind it");
    }
    return "behind the NAT or load balancer: probably "
        + (isCovered
            ? "another backend than the one captured at " + far + " sends it"
            : "the server or another backend sends it");
  }

  /** Another backend, and a device that refuses; the likelier one first. */
  List<Cause> causes(CapturePoint last) {
    List<String> asFar = new ArrayList<>();
    List<String> nearer = new ArrayList<>();
    if (ttlIs != TtlIs.UNKNOWN) {
      boolean isSame = ttlIs == TtlIs.SAME;
      (isSame ? asFar : nearer)
          .add(
              String.format(
                  "its TTL at %s is %d, %sthat of the server's other packets",
                  last, ttl, isSame ? "" : "not "));
    }
    if (acceptedNanos >= 0) {
      (isSooner() ? nearer : asFar)
          .add(
              String.format(
                  "it comes %s or more after the SYN, the server's SYN/ACK %s or more",
                  Spans.text(refusedNanos), Spans.text(acceptedNanos)));
    }
    List<String> elsewhere = new ArrayList<>(asFar);
    elsewhere.add(
        0,
        String.format(
            "%s at %s is %s at %s for other connections; these are not there",
            server, last, captured, far));
    String source = "by deduction from what both captures hold";
    Cause backend =
        new Cause(
            "the NAT or load balancer sends these connections to another backend, which refuses"
                + " them",
            elsewhere,
            nearer,
            source);
    Cause device =
        new Cause(
            "the NAT, the load balancer or a firewall refuses them in the server's name",
            nearer,
            asFar,
            source);
    return isAsFar() ? List.of(backend, device) : List.of(device, backend);
  }

  String nextStep() {
    return isAsFar()
        ? String.format(
            "check that the service listens on every backend of the NAT or load balancer, first on"
                + " those other than %s, and that its health check takes a dead backend out",
            captured)
        : "look into the configuration and logs of the NAT or load balancer: which rule or backend"
            + " these connections go to, and whether a service listens there";
  }
}
