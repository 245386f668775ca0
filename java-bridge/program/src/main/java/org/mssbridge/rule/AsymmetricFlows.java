package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * One direction of flows besides TCP that is at the point nearer its receiver only, while the other
 * direction is at both. What is at the point nearer its sender only may all be lost.
 */
final class AsymmetricFlows {
  /** Fewer may have been missed. */
  private static final int LEAST_PACKETS = 5;

  /** So many must pass while the other point records the other direction. */
  private static final int LEAST_MEANWHILE = 3;

  private AsymmetricFlows() {}

  /** The flows of a leg, a direction and a protocol. */
  private static final class Tally {
    private final List<Occurrence> lacking = new ArrayList<>();
    private int complete;
  }

  static void check(Evidence evidence, Findings findings) {
    Map<FlowLegs.Key, Tally> tallies = new LinkedHashMap<>();
    for (Datagrams.FlowSighting seen : evidence.datagrams().sightings()) {
      for (Direction direction : Direction.values()) {
        boolean isForward = direction == Direction.C2S;
        CapturePoint near = isForward ? seen.near() : seen.far();
        CapturePoint far = isForward ? seen.far() : seen.near();
        add(evidence.datagrams(), seen, new Leg(direction, near, far), tallies);
      }
    }
    tallies.forEach(
        (key, tally) -> {
          if (!tally.lacking.isEmpty()) {
            CapturePoint missing = key.leg().near();
            findings.add(
                new PathAsymmetric.Asymmetric(
                    key.leg(),
                    key.protocol(),
                    key.leg().far(),
                    /* alsoSeen= */ Optional.empty(),
                    missing,
                    tally.lacking.size(),
                    tally.complete,
                    Encrypted.of(evidence.comparison().capture(missing))),
                tally.lacking);
          }
        });
  }

  private static void add(
      Datagrams datagrams, Datagrams.FlowSighting seen, Leg leg, Map<FlowLegs.Key, Tally> tallies) {
    DatagramFlow flow = seen.flow().at(leg.far()).orElseThrow();
    FlowLegs.Key key = new FlowLegs.Key(leg, flow.protocolName());
    int before = packets(datagrams, seen, leg.near(), leg.direction());
    int after = packets(datagrams, seen, leg.far(), leg.direction());
    if (before > 0 && after > 0) {
      tallies.computeIfAbsent(key, each -> new Tally()).complete++;
    }
    if (before > 0 || after < LEAST_PACKETS) {
      return;
    }
    DatagramTable table = datagrams.tables().get(leg.far());
    int[] rows = table.rows(flow, seen.flow().at(leg.far(), leg.direction()));
    if (meanwhile(datagrams, seen, leg, rows) >= LEAST_MEANWHILE) {
      String name = seen.flow().name(leg.far(), leg.direction());
      tallies
          .computeIfAbsent(key, each -> new Tally())
          .lacking
          .add(
              Occurrence.anywhere()
                  .at(leg.far(), table.frame(rows[0]))
                  .saying(
                      String.format(
                          "%s: %s at %s, none at %s",
                          name, Words.count(rows.length, "packet"), leg.far(), leg.near())));
    }
  }

  private static int packets(
      Datagrams datagrams, Datagrams.FlowSighting seen, CapturePoint point, Direction direction) {
    DatagramFlow flow = seen.flow().at(point).orElseThrow();
    return datagrams.tables().get(point).packets(flow, seen.flow().at(point, direction));
  }

  /** How many of some packets pass between two of the other direction that are at both points. */
  private static int meanwhile(
      Datagrams datagrams, Datagrams.FlowSighting seen, Leg leg, int[] rows) {
    Optional<FlowPassage> back =
        datagrams.passages(seen.flow()).stream()
            .filter(each -> each.nearPoint().equals(leg.far()))
            .filter(each -> each.farPoint().equals(leg.near()))
            .findFirst();
    if (back.isEmpty()) {
      return 0;
    }
    int[] span = {Integer.MAX_VALUE, -1};
    back.get()
        .forEachCrossing(
            (near, far, isCertain) -> {
              span[0] = Math.min(span[0], near);
              span[1] = Math.max(span[1], near);
            });
    int count = 0;
    for (int row : rows) {
      count += row > span[0] && row < span[1] ? 1 : 0;
    }
    return count;
  }
}
