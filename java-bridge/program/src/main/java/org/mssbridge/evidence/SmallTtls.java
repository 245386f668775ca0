package org.mssbridge.evidence;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * The small TTLs with which a host sends to another one: a traceroute sends packets with one after
 * the other, a host or application with a small TTL sends all packets with the same.
 */
public final class SmallTtls {
  /** Traceroute stops here unless told otherwise, and no path of the Internet is as long. */
  private static final int LONGEST_PATH = 30;

  /** More segments of a direction are not looked at. */
  private static final int MOST_SEGMENTS = 64;

  private final Evidence evidence;
  private Map<Hosts, Set<Integer>> byHosts;

  private record Hosts(CapturePoint point, String sender, String receiver) {}

  public SmallTtls(Evidence evidence) {
    this.evidence = evidence;
  }

  /** Whether the sender of a direction sends to its receiver with one small TTL only. */
  public boolean isOne(TracedConnection traced, Direction direction) {
    if (byHosts == null) {
      byHosts = all();
    }
    return byHosts.getOrDefault(hosts(traced, direction), Set.of()).size() == 1;
  }

  private static Hosts hosts(TracedConnection traced, Direction direction) {
    CapturePoint point = Evidence.nearestSender(traced, direction);
    Connection seen = traced.at().at(point).orElseThrow();
    return new Hosts(
        point,
        seen.flow(direction).sender().address(),
        seen.flow(direction.reverse()).sender().address());
  }

  private Map<Hosts, Set<Integer>> all() {
    Map<Hosts, Set<Integer>> all = new HashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (Direction direction : Direction.values()) {
        Hosts hosts = hosts(traced, direction);
        Flow flow = traced.at().at(hosts.point()).orElseThrow().flow(direction);
        SegmentTable table = flow.table();
        int row = flow.firstRow();
        for (int i = 0; row >= 0 && i < MOST_SEGMENTS; i++, row = table.next(row)) {
          if (table.ttl(row) >= 0 && table.ttl(row) <= LONGEST_PATH) {
            all.computeIfAbsent(hosts, key -> new TreeSet<>()).add(table.ttl(row));
          }
        }
      }
    }
    return all;
  }
}
