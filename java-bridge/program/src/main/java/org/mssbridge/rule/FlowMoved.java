package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Kind;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

/**
 * Flows that change before the first point that they pass, as both points of a leg see.
 *
 * @param leastSilenceNanos the shortest silence before a change
 */
record FlowMoved(
    Direction inDirection,
    CapturePoint point,
    String protocol,
    boolean otherAddress,
    long leastSilenceNanos)
    implements Finding {
  @Override
  public Kind kind() {
    return NatRebound.KIND;
  }

  /** Mobile clients do so all day. */
  @Override
  public Severity severity() {
    return Severity.NOTE;
  }

  @Override
  public String message() {
    return String.format(
        "%s packets of a living flow sent %s arrive at %s from another %s than until then: it"
            + " changed before %s, not between the capture points",
        protocol, inDirection.words(), point, otherAddress ? "address" : "port", point);
  }

  @Override
  public Optional<Direction> direction() {
    return Optional.of(inDirection);
  }

  @Override
  public Facts facts() {
    return Facts.of("protocol", protocol)
        .and("point", point.name())
        .and("other_address", otherAddress)
        .and("least_silence_ms", leastSilenceNanos / 1e6);
  }

  @Override
  public List<Cause> causes() {
    String source = "RFC 9000, sections 5.1 and 9";
    Cause nat =
        new Cause("a NAT before " + point + " made a new mapping", List.of(), List.of(), source);
    Cause host =
        new Cause(
            "the sender itself took another "
                + (otherAddress ? "address" : "port")
                + " and kept the connection ID of its peer, which it should not",
            List.of(),
            List.of(),
            source);
    return List.of(nat, host);
  }

  @Override
  public String nextStep() {
    return "look for a NAT between the sender of these packets and "
        + point
        + ", and whether the sender changed networks at that time";
  }
}
