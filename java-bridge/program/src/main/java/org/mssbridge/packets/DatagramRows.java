package org.mssbridge.packets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.mssbridge.clock.Clock;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.datagram.TracedFlow;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/** Walks all packets of other protocols than TCP at all points, one flow after the other. */
final class DatagramRows {
  private final Evidence evidence;
  private final Datagrams datagrams;
  private final List<CapturePoint> path;
  private final PacketRows.RowSink sink;

  private DatagramRows(Evidence evidence, PacketRows.RowSink sink) {
    this.evidence = evidence;
    this.datagrams = evidence.datagrams();
    this.path = evidence.comparison().path().stream().map(PointCapture::point).toList();
    this.sink = sink;
  }

  /** Gives every packet of a flow to the sink: by flow, point and frame. */
  static void each(Evidence evidence, PacketRows.RowSink sink) throws IOException {
    DatagramRows rows = new DatagramRows(evidence, sink);
    List<TracedFlow> flows = rows.datagrams.flows();
    for (int number = 0; number < flows.size(); number++) {
      TracedFlow flow = flows.get(number);
      for (CapturePoint point : flow.points()) {
        rows.walk(number, flow, point);
      }
    }
  }

  /** A packet of a flow, or of what it goes on as. */
  private record Sighting(int row, DatagramFlow part, Direction direction) {}

  private void walk(int number, TracedFlow flow, CapturePoint point) throws IOException {
    DatagramTable table = datagrams.tables().get(point);
    List<Sighting> all = new ArrayList<>();
    Map<Direction, Way> ways = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      ways.put(direction, Way.of(datagrams.passages(flow), direction, point));
      for (DatagramFlow part : flow.parts(point)) {
        for (int row : table.rows(part, flow.at(point, direction))) {
          all.add(new Sighting(row, part, direction));
        }
      }
    }
    all.sort(Comparator.comparingInt(Sighting::row));
    for (Sighting seen : all) {
      boolean isCopy = datagrams.isCopy(point, seen.row());
      Way way = isCopy ? Way.NONE : ways.get(seen.direction());
      sink.accept(row(number, flow, point, table, seen, way));
    }
  }

  /**
   * A direction of a flow at a point, and what became of its packets before and after.
   *
   * @param arrivals by row at this point, the row at the next one
   * @param senders by row at this point, the row at the one before
   */
  private record Way(
      Optional<FlowPassage> before,
      Optional<FlowPassage> after,
      Map<Integer, Integer> arrivals,
      Map<Integer, Integer> senders,
      Set<Integer> lost,
      Set<Integer> inPart,
      Set<Integer> modified,
      Set<Integer> duplicated) {
    /** Of copies, which are left out of the comparison. */
    static final Way NONE =
        new Way(
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of());

    static Way of(List<FlowPassage> passages, Direction direction, CapturePoint point) {
      Way way =
          new Way(
              find(passages, direction, point, false),
              find(passages, direction, point, true),
              new HashMap<>(),
              new HashMap<>(),
              new HashSet<>(),
              new HashSet<>(),
              new HashSet<>(),
              new HashSet<>());
      way.after.ifPresent(way::addAfter);
      way.before.ifPresent(way::addBefore);
      return way;
    }

    private static Optional<FlowPassage> find(
        List<FlowPassage> passages, Direction direction, CapturePoint point, boolean isAfter) {
      return passages.stream()
          .filter(each -> each.direction() == direction)
          .filter(each -> (isAfter ? each.nearPoint() : each.farPoint()).equals(point))
          .findFirst();
    }

    private void addAfter(FlowPassage passage) {
      passage.forEachCrossing((near, far, isCertain) -> arrivals.put(near, far));
      Arrays.stream(passage.lost()).forEach(lost::add);
      passage.partial().forEach(each -> inPart.add(each.nearRow()));
      for (FlowPassage.Modified each : passage.modified()) {
        arrivals.put(each.nearRow(), each.farRow());
        modified.add(each.nearRow());
      }
    }

    private void addBefore(FlowPassage passage) {
      passage.forEachCrossing((near, far, isCertain) -> senders.put(far, near));
      passage.modified().forEach(each -> senders.put(each.farRow(), each.nearRow()));
      Arrays.stream(passage.duplicated()).forEach(duplicated::add);
    }

    Fate fate(int row) {
      if (after.isEmpty()) {
        return null;
      }
      return arrivals.containsKey(row)
          ? Fate.ARRIVED
          : lost.contains(row) ? Fate.LOST : inPart.contains(row) ? Fate.PARTLY_LOST : Fate.UNKNOWN;
    }
  }

  private PacketRow row(
      int number,
      TracedFlow flow,
      CapturePoint point,
      DatagramTable table,
      Sighting seen,
      Way way) {
    int row = seen.row();
    Direction there = flow.at(point, seen.direction());
    Integer next = way.arrivals().get(row);
    Integer previous = way.senders().get(row);
    Fate fate = way.fate(row);
    return new PacketRow(
        /* connection= */ null,
        seen.direction().label(),
        point.name(),
        table.frame(row),
        table.timeNanos(row),
        commonNanos(point, table.timeNanos(row)),
        seen.part().text(seen.part().sender(there)),
        seen.part().text(seen.part().sender(there.reverse())),
        /* flags= */ null,
        /* position= */ null,
        table.contentBytes(row),
        /* isSentBefore= */ false,
        way.before().map(passage -> passage.nearPoint().name()).orElse(null),
        previous == null ? null : (Integer) way.before().orElseThrow().near().frame(previous),
        way.after().map(passage -> passage.farPoint().name()).orElse(null),
        next == null ? null : (Integer) way.after().orElseThrow().far().frame(next),
        way.after().isEmpty() ? null : (Integer) (next == null ? 0 : 1),
        next == null ? null : delayNanos(way.after().orElseThrow(), row, next),
        fate,
        fate == Fate.LOST ? (Long) (long) table.contentBytes(row) : null,
        way.duplicated().contains(row),
        next == null
            ? List.of()
            : Changes.of(
                table, row, way.after().orElseThrow().far(), next, way.modified().contains(row)),
        seen.part().protocolName(),
        number);
  }

  private Long delayNanos(FlowPassage passage, int nearRow, int farRow) {
    CapturePoint near = passage.nearPoint();
    CapturePoint far = passage.farPoint();
    return datagrams.uncertaintyNanos(near, far).isEmpty()
        ? null
        : (Long)
            datagrams.delayNanos(
                near, far, passage.near().timeNanos(nearRow), passage.far().timeNanos(farRow));
  }

  /** The clock that TCP shows, or else that of these packets, as far as it is known. */
  private long commonNanos(CapturePoint point, long nanos) {
    Optional<Clock> clock = evidence.comparison().clocks().at(point);
    if (clock.isPresent() && clock.get().samples() > 0) {
      return clock.get().referenceNanos(nanos);
    }
    long common = nanos;
    for (int i = path.indexOf(point); i > 0; i--) {
      OptionalLong before = datagrams.timeAt(path.get(i - 1), path.get(i), common);
      if (before.isEmpty()) {
        return nanos;
      }
      common = before.getAsLong();
    }
    return common;
  }
}
