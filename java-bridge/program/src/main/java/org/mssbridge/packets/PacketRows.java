package org.mssbridge.packets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/** Walks all packets at all points: one connection after the other, then one flow. */
final class PacketRows {
  private final Evidence evidence;
  private final Comparison comparison;
  private final RowSink sink;
  private final Map<Integer, List<Passage>> passages = new HashMap<>();

  /** Receives the rows. */
  interface RowSink {
    void accept(PacketRow row) throws IOException;
  }

  private PacketRows(Evidence evidence, RowSink sink) {
    this.evidence = evidence;
    this.comparison = evidence.comparison();
    this.sink = sink;
    for (Passage passage : evidence.passages()) {
      passages.computeIfAbsent(passage.pair().id(), id -> new ArrayList<>()).add(passage);
    }
  }

  /** Gives every packet to the sink: by connection or flow, point and frame. */
  static void each(Evidence evidence, RowSink sink) throws IOException {
    PacketRows rows = new PacketRows(evidence, sink);
    for (TracedConnection traced : rows.comparison.connections()) {
      rows.walk(traced);
    }
    DatagramRows.each(evidence, sink);
  }

  private void walk(TracedConnection traced) throws IOException {
    List<Crossing> crossings =
        passages.getOrDefault(traced.id(), List.of()).stream()
            .map(passage -> Crossing.of(evidence, passage))
            .toList();
    for (CapturePoint point : traced.at().points()) {
      Connection seen = traced.at().at(point).orElseThrow();
      Way there = new Way(traced, point, Direction.C2S, crossings);
      Way back = new Way(traced, point, Direction.S2C, crossings);
      int client = seen.clientToServer().firstRow();
      int server = seen.serverToClient().firstRow();
      SegmentTable table = seen.clientToServer().table();
      while (client >= 0 || server >= 0) {
        if (server < 0 || (client >= 0 && client < server)) {
          sink.accept(there.row(client));
          client = table.next(client);
        } else {
          sink.accept(back.row(server));
          server = table.next(server);
        }
      }
    }
  }

  private Clock clock(CapturePoint point) {
    return comparison.clocks().at(point).orElse(Clock.identity());
  }

  /** One direction of a connection at a point. */
  private final class Way {
    private final int connection;
    private final CapturePoint point;
    private final Direction direction;
    private final Flow flow;
    private final Flow opposite;
    private final Crossing before;
    private final Crossing after;
    private final int base;
    private long reached;

    Way(
        TracedConnection traced,
        CapturePoint point,
        Direction direction,
        List<Crossing> crossings) {
      this.connection = traced.id();
      this.point = point;
      this.direction = direction;
      Connection seen = traced.at().at(point).orElseThrow();
      flow = seen.flow(direction);
      opposite = seen.flow(direction.reverse());
      before = crossing(crossings, c -> c.far().equals(flow));
      after = crossing(crossings, c -> c.near().equals(flow));
      base = base(traced);
    }

    private static Crossing crossing(List<Crossing> crossings, Predicate<Crossing> which) {
      return crossings.stream().filter(which).findFirst().orElse(null);
    }

    private int base(TracedConnection traced) {
      OptionalInt isn = flow.isn();
      return traced.pairs().stream()
          .filter(
              pair ->
                  pair.nearPoint(direction).equals(point) || pair.farPoint(direction).equals(point))
          .findFirst()
          .map(pair -> pair.base(point, direction))
          .orElseGet(
              () ->
                  isn.orElse(flow.firstRow() < 0 ? 0 : flow.table().sequence(flow.firstRow()) - 1));
    }

    PacketRow row(int row) {
      SegmentTable table = flow.table();
      long position = table.position(row, base, reached);
      int bytes = table.payloadBytes(row);
      boolean isSentBefore = bytes > 0 && position + bytes <= reached;
      reached = Math.max(reached, position + bytes);
      long common = clock(point).referenceNanos(table.timeNanos(row));
      Crossing.Sent sent = after == null ? null : after.sent(row);
      int next = sent == null ? -1 : sent.farRow();
      int previous = before == null ? -1 : before.sender(row);
      return new PacketRow(
          connection,
          direction.label(),
          point.name(),
          table.frame(row),
          table.timeNanos(row),
          common,
          flow.sender().toString(),
          opposite.sender().toString(),
          TcpFlags.letters(table.flags(row)),
          position,
          bytes,
          isSentBefore,
          before == null ? null : before.nearPoint().name(),
          previous < 0 ? null : (Integer) before.near().table().frame(previous),
          after == null ? null : after.farPoint().name(),
          next < 0 ? null : (Integer) after.far().table().frame(next),
          sent == null ? null : (Integer) sent.carriers(),
          next < 0 || !table.isTimed() ? null : (Long) (farNanos(next) - common),
          sent == null ? null : sent.fate(),
          sent == null || sent.lostBytes() == 0 ? null : (Long) sent.lostBytes(),
          before != null && before.isRepeated(row),
          next < 0 || sent.carriers() != 1
              ? List.of()
              : Changes.of(table, row, after.far().table(), next),
          "TCP",
          /* flow= */ null);
    }

    private long farNanos(int farRow) {
      return clock(after.farPoint()).referenceNanos(after.far().table().timeNanos(farRow));
    }
  }
}
