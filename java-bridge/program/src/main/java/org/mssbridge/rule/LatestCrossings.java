package org.mssbridge.rule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.StallTrace;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;

/** When connections were last seen at the far point of each leg. */
final class LatestCrossings {
  private final Evidence evidence;
  private final Map<Leg, Latest> byLeg = new HashMap<>();

  /** The two connections that were seen there last. */
  private record Latest(long nanos, int connection, long otherNanos) {
    Latest and(long more, int id) {
      return more > nanos
          ? new Latest(more, id, nanos)
          : new Latest(nanos, connection, Math.max(otherNanos, more));
    }
  }

  LatestCrossings(Evidence evidence) {
    this.evidence = evidence;
  }

  /**
   * Whether another connection crosses the leg of a stall in the second half of its time or later:
   * then the leg did not fail as a whole.
   *
   * @param stalledNanos from the first transmission to the last
   */
  boolean areOthersMeanwhile(
      TracedConnection connection, StallTrace trace, Ending.Stalled stalled, long stalledNanos) {
    Optional<PairedConnection> pair =
        connection.pairs().stream()
            .filter(one -> ConnectionStalled.isBetween(one, trace))
            .findFirst();
    if (pair.isEmpty() || trace.near().equals(trace.far())) {
      return false;
    }
    Direction direction = stalled.direction();
    SegmentTable table = pair.get().nearFlow(direction).table();
    Leg leg = new Leg(direction, trace.near(), trace.far());
    Latest latest = byLeg.computeIfAbsent(leg, this::latest);
    long due =
        table.timeNanos(pair.get().nearFlow(direction).lastRow())
            - stalledNanos / 2
            + pair.get().delay(direction).typicalNanos();
    return (latest.connection() == connection.id() ? latest.otherNanos() : latest.nanos()) > due;
  }

  private Latest latest(Leg leg) {
    Latest latest = new Latest(Long.MIN_VALUE, -1, Long.MIN_VALUE);
    for (Passage passage : evidence.passagesByLeg().getOrDefault(leg, List.of())) {
      if (passage.far().lastRow() >= 0 && passage.near().lastRow() >= 0) {
        long nanos = passage.far().table().timeNanos(passage.far().lastRow());
        latest = latest.and(nanos, passage.pair().id());
      }
    }
    return latest;
  }
}
