package org.mssbridge.datagram;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Datagram;
import org.mssbridge.model.Direction;
import org.mssbridge.model.PerPoint;

/** Whether captures hold a packet in another flow than expected, or anything at some time. */
final class Sightings {
  /** IP in IP (RFC 2003, RFC 4213), GRE and ESP. */
  private static final Set<Integer> CARRIERS = Set.of(4, 41, Datagram.GRE, Datagram.ESP);

  private final List<PointCapture> path;
  private final PerPoint<Heads> heads;
  private final Map<CapturePoint, Seconds> busy = new HashMap<>();
  private final Map<Pair, Boolean> tunnels = new HashMap<>();

  private record Pair(CapturePoint here, CapturePoint other) {}

  Sightings(List<PointCapture> path) {
    this.path = path;
    Map<CapturePoint, Heads> all = new LinkedHashMap<>();
    path.forEach(capture -> all.put(capture.point(), new Heads(capture.datagrams())));
    heads = PerPoint.of(all);
  }

  /** The digests of a table, sorted when they are first asked for. */
  private static final class Heads {
    private final DatagramTable table;
    private long[] sorted;
    private long[] sortedWithIds;
    private int[] starts;
    private boolean isHeadless;

    Heads(DatagramTable table) {
      this.table = table;
    }

    /** By less of their contents where a capture has cut packets to that. */
    boolean contain(DatagramTable other, int row) {
      if (sorted == null) {
        sorted = new long[table.size()];
        for (int i = 0; i < sorted.length; i++) {
          sorted[i] = table.headDigest(i);
          isHeadless = isHeadless || sorted[i] == 0;
        }
        Arrays.sort(sorted);
      }
      long head = other.headDigest(row);
      return (head != 0 && !isHeadless)
          ? Arrays.binarySearch(sorted, head) >= 0
          : containStart(other.startDigest(row));
    }

    /** The same with the same IP ID, where the contents are whole enough to tell. */
    boolean containWithId(DatagramTable other, int row) {
      if (!contain(other, row)) {
        return false;
      }
      if (isHeadless || other.headDigest(row) == 0) {
        return true;
      }
      if (sortedWithIds == null) {
        sortedWithIds = new long[table.size()];
        for (int i = 0; i < sortedWithIds.length; i++) {
          sortedWithIds[i] = withId(table, i);
        }
        Arrays.sort(sortedWithIds);
      }
      return Arrays.binarySearch(sortedWithIds, withId(other, row)) >= 0;
    }

    private static long withId(DatagramTable table, int row) {
      return table.headDigest(row) ^ (table.ipId(row) + 1) * 0x9e3779b97f4a7c15L;
    }

    private boolean containStart(int start) {
      if (starts == null) {
        starts = new int[table.size()];
        for (int i = 0; i < starts.length; i++) {
          starts[i] = table.startDigest(i);
        }
        Arrays.sort(starts);
      }
      return Arrays.binarySearch(starts, start) >= 0;
    }
  }

  /**
   * Whether a packet that a flow lacks at a point is there all the same: in another flow, or at a
   * point after it, so that only the capture lacks it.
   *
   * @param lacking the capture that lacks it in the flow
   * @param table that of the other point of the leg
   * @param row the packet in that table
   * @param keepsIds whether a packet with another IP ID is another one there
   */
  boolean isElsewhere(PointCapture lacking, DatagramTable table, int row, boolean keepsIds) {
    if (table.startDigest(row) == 0) {
      return true;
    }
    for (PointCapture capture : path) {
      if (capture.datagrams() != table
          && holds(
              capture,
              table,
              row,
              keepsIds && capture.point().equals(lacking.point()) && table.ipId(row) != 0)
          && isBeyond(lacking, table, capture)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether captures on both sides of another one hold a packet, and this one does not: it passed,
   * there or on another way.
   *
   * @param table that of one side
   * @param row the packet in that table
   */
  boolean isOnBothSidesOf(PointCapture lacking, DatagramTable table, int row) {
    return table.startDigest(row) != 0
        && !heads.at(lacking.point()).orElseThrow().contain(table, row)
        && path.stream()
            .filter(capture -> capture.datagrams() != table)
            .filter(capture -> !capture.point().equals(lacking.point()))
            .anyMatch(
                capture ->
                    isBeyond(lacking, table, capture)
                        && heads.at(capture.point()).orElseThrow().contain(table, row));
  }

  private boolean holds(PointCapture capture, DatagramTable table, int row, boolean withId) {
    Heads there = heads.at(capture.point()).orElseThrow();
    return withId ? there.containWithId(table, row) : there.contain(table, row);
  }

  /** Whether a capture may hold a packet of another one's table, in any flow. */
  boolean mayHold(PointCapture capture, DatagramTable table, int row) {
    return table.startDigest(row) == 0
        || heads.at(capture.point()).orElseThrow().contain(table, row);
  }

  /** Whether a capture is the lacking one, or on the other side of it than a table's. */
  private boolean isBeyond(PointCapture lacking, DatagramTable table, PointCapture other) {
    int at = path.indexOf(lacking);
    int from = at;
    for (int i = 0; i < path.size(); i++) {
      from = path.get(i).datagrams() == table ? i : from;
    }
    int place = path.indexOf(other);
    return from < at ? place >= at : place <= at;
  }

  /** Whether a capture has tunnels that another one has not: packets of that may be inside. */
  boolean hasMoreTunnels(PointCapture here, PointCapture other) {
    return tunnels.computeIfAbsent(
        new Pair(here.point(), other.point()),
        pair ->
            (other.datagrams().carrierPackets() > 0 && here.datagrams().carrierPackets() == 0)
                || (!other.encrypted().isEmpty() && here.encrypted().isEmpty())
                || !carriers(here).containsAll(carriers(other)));
  }

  /** The protocols in a capture that carry packets. */
  private static Set<Integer> carriers(PointCapture capture) {
    return capture.datagrams().flows().stream()
        .map(DatagramFlow::protocol)
        .filter(CARRIERS::contains)
        .collect(Collectors.toSet());
  }

  /** Whether a capture holds any packet between two of its times, which are 2 s apart or more. */
  boolean holdsAnything(PointCapture capture, long fromNanos, long untilNanos) {
    Seconds seconds = busy.computeIfAbsent(capture.point(), point -> Seconds.of(capture));
    return seconds.anyBetween(fromNanos, untilNanos);
  }

  /**
   * Whether a capture surely runs at some time: its statistics say so, or it holds packets little
   * before and after.
   */
  boolean isRunning(PointCapture capture, long nanos) {
    Coverage coverage = capture.coverage();
    return (coverage.isFromStated() && coverage.isUntilStated() && coverage.contains(nanos))
        || busy.computeIfAbsent(capture.point(), point -> Seconds.of(capture)).isAround(nanos);
  }

  /** The seconds in which a capture holds a packet. */
  private record Seconds(long originNanos, BitSet busy) {
    private static final long NANOS = 1_000_000_000L;

    /** Of hostile captures, which may claim any time; half a year. */
    private static final long MOST = 1 << 24;

    static Seconds of(PointCapture capture) {
      Seconds seconds = new Seconds(capture.extent().firstNanos(), new BitSet());
      DatagramTable table = capture.datagrams();
      for (int row = 0; row < table.size(); row++) {
        seconds.add(table.timeNanos(row));
      }
      for (Connection connection : capture.connections()) {
        seconds.add(connection.flow(Direction.C2S));
        seconds.add(connection.flow(Direction.S2C));
      }
      return seconds;
    }

    private void add(Flow flow) {
      SegmentTable table = flow.table();
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        add(table.timeNanos(row));
      }
    }

    private void add(long nanos) {
      long second = second(nanos);
      if (second >= 0 && second < MOST) {
        busy.set((int) second);
      }
    }

    private long second(long nanos) {
      return Math.floorDiv(nanos - originNanos, NANOS);
    }

    /** Whether there is one less than two seconds before and after. */
    boolean isAround(long nanos) {
      long at = second(nanos);
      if (at < 1 || at >= MOST) {
        return false;
      }
      int before = busy.previousSetBit((int) at);
      int after = busy.nextSetBit((int) at);
      return before >= at - 1 && after >= 0 && after <= at + 1;
    }

    boolean anyBetween(long fromNanos, long untilNanos) {
      long after = second(fromNanos) + 1;
      if (after < 0 || after >= MOST) {
        return false;
      }
      int next = busy.nextSetBit((int) after);
      return next >= 0 && next < second(untilNanos);
    }
  }
}
