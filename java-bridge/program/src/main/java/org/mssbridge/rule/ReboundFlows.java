package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.TracedFlow;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
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

  /**
   * What flows have in common.
   *
   * @param across the leg on which they change; where they change before it, the first one
   */
  private record Shape(FlowLegs.Key across, boolean isBefore, boolean otherAddress) {}

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
        ? new FlowMoved(
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

  private static void check(
      Datagrams datagrams,
      Datagrams.FlowSighting seen,
      Direction direction,
      CapturePoint near,
      CapturePoint far,
      Map<Shape, Seen> all) {
    if (seen.flow().later(far).isEmpty()) {
      return;
    }
    Leg leg = new Leg(direction, near, far);
    NearSenders senders = NearSenders.of(datagrams, seen.flow(), leg);
    Place there = new Place(datagrams, seen.flow(), direction, far);
    List<DatagramFlow> parts = there.parts();
    for (int i = 1; i < parts.size(); i++) {
      int[] before = there.rows(parts.get(i - 1));
      int[] after = there.rows(parts.get(i));
      Endpoint old = there.sender(parts.get(i - 1));
      Endpoint other = there.sender(parts.get(i));
      if (!old.equals(other) && before.length > 0 && after.length > 0) {
        int last = before[before.length - 1];
        if (senders.areOne(last, after[0])) {
          add(there, leg, last, after[0], old, other, all);
        } else if (isFirst(datagrams, seen.flow(), leg)) {
          senders.addChange(last, after[0], all);
        }
      }
    }
  }

  /** Whether a flow passes no point before a leg. */
  private static boolean isFirst(Datagrams datagrams, TracedFlow flow, Leg leg) {
    return datagrams.nearestSender(flow, leg.direction()).filter(leg.near()::equals).isPresent();
  }

  /** A direction of a flow at a point. */
  private record Place(
      Datagrams datagrams, TracedFlow flow, Direction direction, CapturePoint point) {
    List<DatagramFlow> parts() {
      return flow.parts(point);
    }

    DatagramTable table() {
      return datagrams.tables().get(point);
    }

    int[] rows(DatagramFlow part) {
      return table().rows(part, flow.at(point, direction));
    }

    Endpoint sender(DatagramFlow part) {
      return part.sender(flow.at(point, direction));
    }
  }

  /**
   * Who sent at the near point what is at the far one.
   *
   * @param nearRows of the packets that are at both points, in the order of the far point
   * @param farRows the same at the far point, ascending
   */
  private record NearSenders(Place near, Leg leg, List<Integer> nearRows, List<Integer> farRows) {
    static NearSenders of(Datagrams datagrams, TracedFlow flow, Leg leg) {
      Map<Integer, Integer> nearByFar = new TreeMap<>();
      datagrams.passages(flow).stream()
          .filter(
              passage ->
                  passage.direction() == leg.direction()
                      && passage.nearPoint().equals(leg.near())
                      && passage.farPoint().equals(leg.far()))
          .forEach(
              passage ->
                  passage.forEachCrossing(
                      (near, far, isCertain) -> {
                        if (isCertain) {
                          nearByFar.put(far, near);
                        }
                      }));
      return new NearSenders(
          new Place(datagrams, flow, leg.direction(), leg.near()),
          leg,
          List.copyOf(nearByFar.values()),
          List.copyOf(nearByFar.keySet()));
    }

    /** The near row of the last packet up to a far row, or of the first from it on; -1 for none. */
    private int row(int farRow, boolean isUpTo) {
      int at = Collections.binarySearch(farRows, farRow);
      int found = at >= 0 ? at : isUpTo ? -at - 2 : -at - 1;
      return found >= 0 && found < nearRows.size() ? nearRows.get(found) : -1;
    }

    private Optional<DatagramFlow> part(int row) {
      return near.parts().stream()
          .filter(part -> Arrays.binarySearch(near.rows(part), row) >= 0)
          .findFirst();
    }

    /** Whether one end sent the packets at the near point that surround a change at the far one. */
    boolean areOne(int lastBefore, int firstAfter) {
      if (near.parts().size() < 2) {
        return true;
      }
      Optional<DatagramFlow> before = part(row(lastBefore, true));
      Optional<DatagramFlow> after = part(row(firstAfter, false));
      return before.isPresent()
          && after.isPresent()
          && near.sender(before.get()).equals(near.sender(after.get()));
    }

    /** Adds the change at the near point that the far one sees too. */
    void addChange(int lastBefore, int firstAfter, Map<Shape, Seen> all) {
      Optional<DatagramFlow> before = part(row(lastBefore, true));
      Optional<DatagramFlow> after = part(row(firstAfter, false));
      if (before.isPresent() && after.isPresent()) {
        int[] rows = near.rows(before.get());
        add(
            near,
            leg,
            rows[rows.length - 1],
            near.rows(after.get())[0],
            near.sender(before.get()),
            near.sender(after.get()),
            all);
      }
    }
  }

  private static void add(
      Place place,
      Leg leg,
      int lastBefore,
      int firstAfter,
      Endpoint old,
      Endpoint other,
      Map<Shape, Seen> all) {
    DatagramTable table = place.table();
    CapturePoint point = place.point();
    long silenceNanos = table.timeNanos(firstAfter) - table.timeNanos(lastBefore);
    String protocol = place.flow().at(point).orElseThrow().protocolName();
    boolean isBefore = point.equals(leg.near());
    Seen group =
        all.computeIfAbsent(
            new Shape(
                new FlowLegs.Key(leg, protocol), isBefore, !old.address().equals(other.address())),
            shape -> new Seen());
    group.leastNanos = Math.min(group.leastNanos, silenceNanos);
    group.mostNanos = Math.max(group.mostNanos, silenceNanos);
    String name = place.flow().name(leg.near(), leg.direction());
    int frame = table.frame(firstAfter);
    group.occurrences.add(
        Occurrence.anywhere()
            .at(point, frame)
            .saying(
                String.format(
                    "%s: arrives at %s (frame %d) from %s, until then from %s, after %s of silence",
                    name, point, frame, other, old, Words.time(silenceNanos)))
            .with(
                Facts.of("flow", name)
                    .and("sender_before", old.toString())
                    .and("sender_after", other.toString())
                    .and("silence_ms", silenceNanos / 1e6)));
  }
}
