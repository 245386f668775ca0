package org.mssbridge.datagram;

import java.util.OptionalLong;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.Direction;

/** Whether flows that one capture has are surely not in another one, which was running. */
public final class Absence {
  /** Neither clocks nor delays are always known better. */
  private static final long MARGIN_NANOS = 1_000_000_000L;

  /** Packets with such a TTL may be meant to end on the way, as those of traceroute. */
  private static final int SMALL_TTL = 31;

  private final Datagrams datagrams;
  private final Sightings sightings;
  private final PointCapture here;
  private final PointCapture other;
  private final boolean mayBeHidden;

  Absence(Datagrams datagrams, Sightings sightings, PointCapture here, PointCapture other) {
    this.datagrams = datagrams;
    this.sightings = sightings;
    this.here = here;
    this.other = other;
    mayBeHidden =
        !other.datagrams().isRead()
            || !other.extent().hasTime()
            || sightings.hasMoreTunnels(here, other);
  }

  /**
   * How many packets of a flow the other capture would have, had they passed there; 0 where it may
   * have any of them all the same.
   */
  public int packets(TracedFlow flow) {
    if (mayBeHidden) {
      return 0;
    }
    DatagramTable table = here.datagrams();
    int covered = 0;
    for (DatagramFlow seen : flow.parts(here.point())) {
      for (Direction direction : Direction.values()) {
        if (mayBeUnread(seen, direction)) {
          return 0;
        }
        for (int row : table.rows(seen, direction)) {
          if (sightings.mayHold(other, table, row)) {
            return 0;
          }
          OptionalLong there =
              datagrams.aboutTimeAt(other.point(), here.point(), table.timeNanos(row));
          if (table.ttl(row) > SMALL_TTL && there.isPresent() && isCovered(there.getAsLong())) {
            covered++;
          }
        }
      }
    }
    return covered;
  }

  private boolean isCovered(long nanos) {
    return other.coverage().contains(nanos - MARGIN_NANOS)
        && other.coverage().contains(nanos + MARGIN_NANOS)
        && sightings.isRunning(other, nanos);
  }

  /** Whether packets between its ends may be in the other capture and were not looked at there. */
  private boolean mayBeUnread(DatagramFlow seen, Direction direction) {
    String source = seen.sender(direction).address();
    String destination = seen.sender(direction.reverse()).address();
    return other.datagrams().hasUnread(source, destination)
        || !other.datagrams().fragments().incomplete(source, destination).isEmpty();
  }
}
