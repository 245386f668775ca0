package org.mssbridge.rule;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * The TTL that the packets of a host have at a point: not those of SYN/ACKs, which a SYN proxy
 * makes in its name, and not those of RSTs, which any device can make. Where some of its
 * connections are at the next point too, only theirs: the others may have been answered between.
 */
final class SenderTtls {
  /** The first segment after the handshake comes this soon. */
  private static final int MAX_ROWS = 16;

  private final Evidence evidence;
  private final Map<CapturePoint, Map<String, Set<Integer>>> byPoint = new HashMap<>();

  SenderTtls(Evidence evidence) {
    this.evidence = evidence;
  }

  /**
   * Whether packets of a direction come from the next point, as far as is known: a device between
   * may answer the others in the name of their receiver.
   */
  static boolean isCrossing(
      Evidence evidence, CapturePoint point, Connection connection, Direction direction) {
    return evidence
        .comparison()
        .byStream(point, connection.stream())
        .filter(
            traced ->
                traced.pairs().stream().anyMatch(pair -> pair.farPoint(direction).equals(point)))
        .isPresent();
  }

  /**
   * The TTL that a RST is compared with.
   *
   * @param row the RST
   */
  int expected(CapturePoint point, Flow flow, int row) {
    int own = before(flow, row);
    SegmentTable table = flow.table();
    if (own >= 0) {
      return table.ttl(own);
    }
    Set<Integer> others = known(point, flow.sender().address());
    return others.contains(table.ttl(row)) ? table.ttl(row) : flow.firstTtl();
  }

  /** The TTLs that the packets of a host have at a point; empty where there are none. */
  Set<Integer> known(CapturePoint point, String address) {
    return byPoint.computeIfAbsent(point, this::all).getOrDefault(address, Set.of());
  }

  /** A segment of the flow before a RST, after the handshake; -1 where there is none. */
  private static int before(Flow flow, int reset) {
    SegmentTable table = flow.table();
    int row = flow.firstRow();
    for (int i = 0; i < MAX_ROWS && row >= 0 && row < reset; i++, row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.SYN | TcpFlags.RST)) == 0) {
        return row;
      }
    }
    return -1;
  }

  private Map<String, Set<Integer>> all(CapturePoint point) {
    Map<String, Set<Integer>> ttls = new TreeMap<>();
    Map<String, Set<Integer>> uncertain = new TreeMap<>();
    for (PointCapture capture : evidence.comparison().path()) {
      if (capture.point().equals(point)) {
        for (Connection connection : capture.connections()) {
          for (Direction direction : Direction.values()) {
            boolean crosses = isCrossing(evidence, point, connection, direction);
            add(connection.flow(direction), crosses ? ttls : uncertain);
          }
        }
      }
    }
    uncertain.forEach(ttls::putIfAbsent);
    return ttls;
  }

  private static void add(Flow flow, Map<String, Set<Integer>> ttls) {
    int row = before(flow, Integer.MAX_VALUE);
    if (row >= 0) {
      ttls.computeIfAbsent(flow.sender().address(), address -> new TreeSet<>())
          .add(flow.table().ttl(row));
    }
  }
}
