package org.mssbridge.evidence;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.TcpFlags;

/**
 * When servers accept connections and send segments at a point: whether one runs at a time. RSTs do
 * not count, as a device may send them.
 */
public final class HeardHosts {
  /** Times are kept this exactly. */
  private static final long STEP_NANOS = 100_000_000L;

  private final Map<CapturePoint, Deferred<AtPoint>> points = new HashMap<>();

  HeardHosts(Evidence evidence) {
    for (PointCapture capture : evidence.comparison().captures()) {
      CapturePoint point = capture.point();
      points.put(point, new Deferred<>(() -> new AtPoint(evidence, point)));
    }
  }

  /** A time, for all connections but one. */
  public record Meanwhile(CapturePoint point, int exceptConnection, long fromNanos, long toNanos) {}

  /** Whether a server accepts another connection to the same port meanwhile. */
  public boolean accepts(Endpoint server, Meanwhile meanwhile) {
    return at(meanwhile.point()).ports.getOrDefault(server, Times.NONE).isAny(meanwhile);
  }

  /** Whether a server accepts another connection to any port meanwhile. */
  public boolean accepts(String address, Meanwhile meanwhile) {
    return at(meanwhile.point()).accepting.getOrDefault(address, Times.NONE).isAny(meanwhile);
  }

  /** Whether a server accepts any connection at a point, at any time. */
  public boolean everAccepts(String address, CapturePoint point) {
    return at(point).accepting.containsKey(address);
  }

  /** Whether it sends anything on another connection meanwhile. */
  public boolean sends(String address, Meanwhile meanwhile) {
    return at(meanwhile.point()).sending.getOrDefault(address, Times.NONE).isAny(meanwhile);
  }

  private AtPoint at(CapturePoint point) {
    return points.get(point).get();
  }

  private static final class AtPoint {
    final Map<Endpoint, Times> ports = new HashMap<>();
    final Map<String, Times> accepting = new HashMap<>();
    final Map<String, Times> sending = new HashMap<>();

    AtPoint(Evidence evidence, CapturePoint point) {
      for (TracedConnection traced : evidence.comparison().connections()) {
        traced.at().at(point).ifPresent(seen -> add(seen, traced.id()));
      }
    }

    private void add(Connection seen, int id) {
      Flow server = seen.serverToClient();
      Endpoint endpoint = seen.server();
      server
          .firstHandshake()
          .ifPresent(
              synAck -> {
                ports.computeIfAbsent(endpoint, key -> new Times()).add(synAck.timeNanos(), id);
                accepting
                    .computeIfAbsent(endpoint.address(), key -> new Times())
                    .add(synAck.timeNanos(), id);
              });
      SegmentTable table = server.table();
      Times times = null;
      for (int row = server.firstRow(); row >= 0; row = table.next(row)) {
        if ((table.flags(row) & TcpFlags.RST) == 0) {
          times =
              times == null
                  ? sending.computeIfAbsent(endpoint.address(), key -> new Times())
                  : times;
          times.add(table.timeNanos(row), id);
        }
      }
    }
  }

  /** Steps of time with up to two connections each, of which one is another than any given one. */
  private static final class Times {
    static final Times NONE = new Times();

    private final TreeMap<Long, Two> steps = new TreeMap<>();
    private long last = Long.MIN_VALUE;
    private int lastId = -1;

    /** Numbers of connections; equal where there is one. */
    private record Two(int one, int other) {
      Two and(int id) {
        return one == other && id != one ? new Two(one, id) : this;
      }
    }

    void add(long nanos, int id) {
      long step = Math.floorDiv(nanos, STEP_NANOS);
      if (step != last || id != lastId) { // Else as most.
        steps.merge(step, new Two(id, id), (before, more) -> before.and(id));
        last = step;
        lastId = id;
      }
    }

    boolean isAny(Meanwhile meanwhile) {
      long from = Math.floorDiv(meanwhile.fromNanos(), STEP_NANOS);
      long to = Math.floorDiv(meanwhile.toNanos(), STEP_NANOS);
      int except = meanwhile.exceptConnection();
      return from <= to
          && steps.subMap(from, true, to, true).values().stream()
              .anyMatch(two -> two.one() != except || two.other() != except);
    }
  }
}
