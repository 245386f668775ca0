package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.TracedFlow;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Severity;

/** A NAT gives a living flow of another protocol than TCP another address or port. */
final class ReboundFlows {
  private ReboundFlows() {}

  /**
   * What flows have in common.
   *
   * @param across the leg on which they change; where they change before it, the first one
   */
  private record Shape(FlowLegs.Key across, boolean isBefore, boolean otherAddress) {}

  /**
   * Flows that change before the first point that they pass, as both points of a leg see.
   *
   * @param leastSilenceNanos the shortest silence before a change
   */
  record Moved(
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
              "the sender itself took another " + (otherAddress ? "address" : "port"),
              List.of(),
              List.of("it calls its peer by the same connection ID, which it should not do then"),
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

  private static final class Seen {
    private final List<Occurrence> occurrences = new ArrayList<>();
    private long leastNanos = Long.MAX_VALUE;
    private long mostNanos;
  }

  static void check(Evidence evidence, Findings findings) {
    Map<Shape, Seen> all = new LinkedHashMap<>();
    List<Datagrams.FlowSighting> sightings = evidence.datagrams().sightings();
    for (Datagrams.FlowSighting seen : sightings) {
      check(evidence.datagrams(), seen, Direction.C2S, seen.near(), seen.far(), all);
      check(evidence.datagrams(), seen, Direction.S2C, seen.far(), seen.near(), all);
    }
    all.forEach((shape, seen) -> findings.add(finding(shape, seen), seen.occurrences));
  }

  private static Finding finding(Shape shape, Seen seen) {
    Leg across = shape.across().leg();
    return shape.isBefore()
        ? new Moved(
            across.direction(),
            across.near(),
            shape.across().protocol(),
            shape.otherAddress(),
            seen.leastNanos)
        : new NatRebound.Rebound(
            across,
            shape.across().protocol(),
            /* resets= */ false,
            shape.otherAddress(),
            seen.leastNanos,
            seen.mostNanos);
  }

  /**
   * Whether the end that sends in a direction changes at the far point, but not at the near one; or
   * as often at both, and the near one is the first that the flow passes.
   */
  private static void check(
      Datagrams datagrams,
      Datagrams.FlowSighting seen,
      Direction direction,
      CapturePoint near,
      CapturePoint far,
      Map<Shape, Seen> all) {
    int atNear = seen.flow().later(near).size();
    if (atNear == 0) {
      check(datagrams, seen.flow(), direction, new Leg(direction, near, far), far, all);
    } else if (atNear == seen.flow().later(far).size() && isFirst(datagrams, seen, direction)) {
      check(datagrams, seen.flow(), direction, new Leg(direction, near, far), near, all);
    }
  }

  private static boolean isFirst(
      Datagrams datagrams, Datagrams.FlowSighting seen, Direction direction) {
    return datagrams.sightings().stream()
        .filter(other -> other.flow() == seen.flow())
        .noneMatch(
            other ->
                direction == Direction.C2S
                    ? other.far().equals(seen.near())
                    : other.near().equals(seen.far()));
  }

  private static void check(
      Datagrams datagrams,
      TracedFlow flow,
      Direction direction,
      Leg leg,
      CapturePoint point,
      Map<Shape, Seen> all) {
    DatagramTable table = datagrams.tables().get(point);
    Direction there = flow.at(point, direction);
    DatagramFlow before = flow.at(point).orElseThrow();
    for (DatagramFlow after : flow.later(point)) {
      Endpoint old = before.sender(there);
      Endpoint other = after.sender(there);
      int[] rowsBefore = table.rows(before, there);
      int[] rowsAfter = table.rows(after, there);
      if (!old.equals(other) && rowsBefore.length > 0 && rowsAfter.length > 0) {
        long silenceNanos =
            table.timeNanos(rowsAfter[0]) - table.timeNanos(rowsBefore[rowsBefore.length - 1]);
        FlowLegs.Key key = new FlowLegs.Key(leg, before.protocolName());
        boolean isBefore = point.equals(leg.near());
        Seen group =
            all.computeIfAbsent(
                new Shape(key, isBefore, !old.address().equals(other.address())),
                shape -> new Seen());
        group.leastNanos = Math.min(group.leastNanos, silenceNanos);
        group.mostNanos = Math.max(group.mostNanos, silenceNanos);
        String name = flow.name(leg.near(), direction);
        int frame = table.frame(rowsAfter[0]);
        group.occurrences.add(
            Occurrence.anywhere()
                .at(point, frame)
                .saying(
                    String.format(
                        "%s: arrives at %s (frame %d) from %s, until then from %s, after %s of"
                            + " silence",
                        name, point, frame, other, old, Words.time(silenceNanos)))
                .with(
                    Facts.of("flow", name)
                        .and("sender_before", old.toString())
                        .and("sender_after", other.toString())
                        .and("silence_ms", silenceNanos / 1e6)));
      }
      before = after;
    }
  }
}
