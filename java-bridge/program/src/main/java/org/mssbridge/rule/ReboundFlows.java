package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/** A NAT gives a living flow of another protocol than TCP another address or port. */
final class ReboundFlows {
  private ReboundFlows() {}

  /** What flows have in common. */
  private record Shape(FlowLegs.Key across, boolean otherAddress) {}

  private static final class Seen {
    private final List<Occurrence> occurrences = new ArrayList<>();
    private long leastNanos = Long.MAX_VALUE;
    private long mostNanos;
  }

  static void check(Evidence evidence, Findings findings) {
    Map<Shape, Seen> all = new LinkedHashMap<>();
    for (Datagrams.FlowSighting seen : evidence.datagrams().sightings()) {
      check(evidence.datagrams(), seen, Direction.C2S, seen.near(), seen.far(), all);
      check(evidence.datagrams(), seen, Direction.S2C, seen.far(), seen.near(), all);
    }
    all.forEach(
        (shape, seen) ->
            findings.add(
                new NatRebound.Rebound(
                    shape.across().leg(),
                    shape.across().protocol(),
                    /* resets= */ false,
                    shape.otherAddress(),
                    seen.leastNanos,
                    seen.mostNanos),
                seen.occurrences));
  }

  /**
   * Whether the end that sends in a direction changes at the far point, but not at the near one.
   */
  private static void check(
      Datagrams datagrams,
      Datagrams.FlowSighting seen,
      Direction direction,
      CapturePoint near,
      CapturePoint far,
      Map<Shape, Seen> all) {
    if (!seen.flow().later(near).isEmpty()) {
      return;
    }
    DatagramTable table = datagrams.tables().get(far);
    Direction there = seen.flow().at(far, direction);
    DatagramFlow before = seen.flow().at(far).orElseThrow();
    for (DatagramFlow after : seen.flow().later(far)) {
      Endpoint old = before.sender(there);
      Endpoint other = after.sender(there);
      int[] rowsBefore = table.rows(before, there);
      int[] rowsAfter = table.rows(after, there);
      if (!old.equals(other) && rowsBefore.length > 0 && rowsAfter.length > 0) {
        long silenceNanos =
            table.timeNanos(rowsAfter[0]) - table.timeNanos(rowsBefore[rowsBefore.length - 1]);
        FlowLegs.Key key = new FlowLegs.Key(new Leg(direction, near, far), before.protocolName());
        Seen group =
            all.computeIfAbsent(
                new Shape(key, !old.address().equals(other.address())), shape -> new Seen());
        group.leastNanos = Math.min(group.leastNanos, silenceNanos);
        group.mostNanos = Math.max(group.mostNanos, silenceNanos);
        String name = seen.flow().name(near, direction);
        int frame = table.frame(rowsAfter[0]);
        group.occurrences.add(
            Occurrence.anywhere()
                .at(far, frame)
                .saying(
                    String.format(
                        "%s: arrives at %s (frame %d) from %s, until then from %s, after %s of"
                            + " silence",
                        name, far, frame, other, old, Words.time(silenceNanos)))
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
