package org.mssbridge.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.TooBig;
import org.mssbridge.model.Unreachable;

/**
 * Filters captures to one connection: to its segments, and to the ICMP errors that quote them.
 * Frames keep their numbers, so two reports can be compared as they are.
 */
final class OneConnection {
  private final TracedConnection traced;
  private final boolean isTimeStated;

  private OneConnection(TracedConnection traced, boolean isTimeStated) {
    this.traced = traced;
    this.isTimeStated = isTimeStated;
  }

  /**
   * The captures as a display filter leaves them: how long they ran is not known any more, as
   * tshark copies no statistics of interfaces.
   */
  static List<PointCapture> displayed(TracedConnection traced, List<PointCapture> captures) {
    return new OneConnection(traced, false).filtered(captures);
  }

  /** The captures as a capture filter makes them: statistics state how long they ran. */
  static List<PointCapture> captured(TracedConnection traced, List<PointCapture> captures) {
    return new OneConnection(traced, true).filtered(captures);
  }

  private List<PointCapture> filtered(List<PointCapture> captures) {
    List<PointCapture> filtered = new ArrayList<>();
    for (PointCapture capture : captures) {
      traced
          .at()
          .at(capture.point())
          .ifPresent(seen -> filtered.add(filtered(capture, seen.stream())));
    }
    return filtered;
  }

  private PointCapture filtered(PointCapture capture, int stream) {
    // Pairing may have changed the roles of its ends.
    Connection own =
        capture.connections().stream().filter(c -> c.stream() == stream).findFirst().orElseThrow();
    List<TooBig> tooBigs =
        capture.tooBigs().stream().filter(message -> quotes(capture, message, own)).toList();
    Times times = new Times(own, tooBigs);
    PointCapture.Extent all = capture.extent();
    PointCapture.Extent extent =
        new PointCapture.Extent(
            times.packets,
            times.first,
            times.last,
            Math.min(all.untimedPackets(), times.packets),
            all.truncatedPackets(),
            all.firstTruncatedFrame(),
            all.snapLengthBytes(),
            all.complete());
    Coverage ran = capture.coverage();
    Coverage coverage =
        isTimeStated
            ? new Coverage(
                ran.fromNanos(), ran.untilNanos(), true, true, ran.droppedPackets(), ran.holes())
            : new Coverage(
                times.first, times.last, false, false, OptionalLong.empty(), ran.holes());
    return new PointCapture(
        capture.point(),
        List.of(own),
        tooBigs,
        capture.fragments(),
        capture.encrypted(),
        extent,
        coverage,
        capture.part());
  }

  /**
   * A short quote belongs to no stream of tshark, and a device may not have translated it. It is of
   * the last connection that had these endpoints.
   */
  private boolean quotes(PointCapture capture, TooBig message, Connection own) {
    if (message.stream() >= 0) {
      return message.stream() == own.stream();
    }
    return traced.at().points().stream().anyMatch(point -> isOf(message, point))
        && capture.connections().stream()
            .noneMatch(
                later ->
                    later.firstFrame() > own.firstFrame()
                        && later.firstFrame() < message.frame()
                        && ends(later).equals(ends(own)));
  }

  private boolean isOf(TooBig message, CapturePoint point) {
    return ends(traced.at().at(point).orElseThrow())
        .equals(Set.of(message.quotedSource(), message.quotedDestination()));
  }

  private static Set<Endpoint> ends(Connection connection) {
    return Set.of(connection.client(), connection.server());
  }

  /** The number of packets of a connection and the times of the first and the last one. */
  private static final class Times {
    int packets;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;

    Times(Connection connection, List<TooBig> tooBigs) {
      for (Direction direction : Direction.values()) {
        Flow flow = connection.flow(direction);
        SegmentTable table = flow.table();
        for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
          add(table.timeNanos(row));
        }
        for (Unreachable error : flow.unreachables()) {
          add(error.timeNanos());
        }
      }
      tooBigs.forEach(message -> add(message.timeNanos()));
    }

    private void add(long nanos) {
      packets++;
      first = Math.min(first, nanos);
      last = Math.max(last, nanos);
    }
  }
}
