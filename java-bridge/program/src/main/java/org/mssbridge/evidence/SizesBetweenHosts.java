package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * What all connections between two hosts show at one point of the sizes that arrive: a path MTU is
 * that of a destination, not of a connection (RFC 1191, section 2; RFC 8201, section 5.2).
 */
public final class SizesBetweenHosts {
  private final Comparison comparison;
  private final List<Life> lives;
  private final Map<Hosts, Sizes> known = new HashMap<>();
  private Map<Hosts, List<Sender>> byHosts;

  private record Hosts(CapturePoint point, String sender, String receiver) {
    static Hosts of(CapturePoint point, Connection seen, Direction direction) {
      return new Hosts(
          point,
          seen.flow(direction).sender().address(),
          seen.flow(direction.reverse()).sender().address());
    }
  }

  /** A direction of a connection that has data. */
  private record Sender(TracedConnection connection, Direction direction) {}

  /**
   * The last data of a connection that arrives.
   *
   * @param seen the connection
   * @param id its number
   * @param row its last data segment that is acknowledged
   * @param bytes the data in it
   */
  public record Arrived(Connection seen, int id, int row, int bytes) {}

  /**
   * Data, or a SYN, that is repeated and never acknowledged.
   *
   * @param bytes the data in the segment, 0 for none
   * @param lastNanos when it was last sent
   */
  private record Stuck(int id, int bytes, long lastNanos) {}

  /**
   * Of one direction between two hosts.
   *
   * @param largestBytes the largest segment that arrives on any connection, 0 for none
   * @param latest the two connections whose arriving data was sent last, the latest first
   */
  public record Sizes(int largestBytes, List<Arrived> latest, List<Stuck> stuck) {
    /** The latest data that arrives on another connection. */
    Optional<Arrived> other(int id) {
      return latest.stream().filter(one -> one.id() != id).findFirst();
    }

    /** Whether another connection gets no answer to a segment that is no larger. */
    boolean isSmallerStuck(int id, int bytes, long sinceNanos) {
      return stuck.stream()
          .anyMatch(one -> one.id() != id && one.bytes() <= bytes && one.lastNanos() >= sinceNanos);
    }
  }

  SizesBetweenHosts(Comparison comparison, List<Life> lives) {
    this.comparison = comparison;
    this.lives = lives;
  }

  /** The sizes of a direction between the hosts of a connection, at a point. */
  synchronized Sizes of(CapturePoint point, Connection seen, Direction direction) {
    return known.computeIfAbsent(Hosts.of(point, seen, direction), this::measure);
  }

  private Sizes measure(Hosts hosts) {
    if (byHosts == null) {
      byHosts = index();
    }
    int largest = 0;
    List<Arrived> latest = new ArrayList<>(3);
    for (Sender sender : byHosts.getOrDefault(hosts, List.of())) {
      Connection seen = sender.connection().at().at(hosts.point()).orElseThrow();
      Flow flow = seen.flow(sender.direction());
      Flow receiver = seen.flow(sender.direction().reverse());
      SegmentTable table = flow.table();
      WireSizes sizes = new WireSizes(seen, sender.direction());
      int last = -1;
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        if (table.payloadBytes(row) > 0 && LargeLost.arrives(table, row, receiver)) {
          largest = Math.max(largest, sizes.payloadBytes(row));
          last = row;
        }
      }
      if (last >= 0) {
        latest.add(new Arrived(seen, sender.connection().id(), last, sizes.payloadBytes(last)));
        latest.sort(
            (one, other) -> Long.compare(table.timeNanos(other.row()), table.timeNanos(one.row())));
        latest = new ArrayList<>(latest.subList(0, Math.min(2, latest.size())));
      }
    }
    return new Sizes(largest, List.copyOf(latest), stuck(hosts));
  }

  private List<Stuck> stuck(Hosts hosts) {
    List<Stuck> stuck = new ArrayList<>();
    for (Life life : lives) {
      if (life.endings().at(hosts.point()).isEmpty()) {
        continue;
      }
      Connection seen = life.at(hosts.point());
      int id = life.connection().id();
      SegmentTable table = seen.clientToServer().table();
      if (life.ending(hosts.point()) instanceof Ending.Stalled stalled
          && Hosts.of(hosts.point(), seen, stalled.direction()).equals(hosts)) {
        WireSizes sizes = new WireSizes(seen, stalled.direction());
        boolean isData = stalled.repeated() == Ending.Repeated.DATA;
        int bytes = isData ? sizes.payloadBytes(stalled.firstRow()) : 0;
        stuck.add(new Stuck(id, bytes, table.timeNanos(stalled.lastRow())));
      }
      Opening opening = life.openings().at(hosts.point()).orElse(Opening.ANSWERED);
      if (opening.unanswered() > 0
          && opening.answerRow() < 0
          && Hosts.of(hosts.point(), seen, Direction.C2S).equals(hosts)) {
        stuck.add(new Stuck(id, 0, opening.lastNanos()));
      }
    }
    return stuck;
  }

  private Map<Hosts, List<Sender>> index() {
    Map<Hosts, List<Sender>> index = new HashMap<>();
    for (TracedConnection traced : comparison.connections()) {
      for (CapturePoint point : traced.at().points()) {
        Connection seen = traced.at().at(point).orElseThrow();
        for (Direction direction : Direction.values()) {
          if (seen.flow(direction).dataSegments() > 0) {
            index
                .computeIfAbsent(Hosts.of(point, seen, direction), key -> new ArrayList<>())
                .add(new Sender(traced, direction));
          }
        }
      }
    }
    return index;
  }
}
