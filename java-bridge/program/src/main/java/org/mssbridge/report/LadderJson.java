package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.FrameRef;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TooBig;

/**
 * The ladder of a connection: every segment at every point that saw it, in columns, and which of
 * them are the same transmission. Times are microseconds on the clock of the first capture, from
 * the connection's first segment. Points are numbered in path order.
 */
final class LadderJson {
  /**
   * The most segments that a page holds of one connection at each point; the others limit all
   * connections together.
   */
  private static final int MAX_PER_CONNECTION = 2000;

  private static final int MAX_IN_PAGE = 400_000;
  private static final int MIN_PER_CONNECTION = 20;

  /** The most numbers in all overviews; if there are too many connections, the largest have one. */
  private static final int MAX_OVERVIEW_NUMBERS = 1_000_000;

  private static final int MOST_INTERVALS = 240;
  private static final int FEWEST_INTERVALS = 48;

  private final Evidence evidence;
  private final Comparison comparison;
  private final List<CapturePoint> points;
  private final List<TracedConnection> connections;
  private final Map<CapturePoint, BitSet> findingFrames = new HashMap<>();
  private final int limit;
  private final int intervals;

  /** The number of segments at all points from which a connection has an overview. */
  private final int overviewFrom;

  /** Of the connections in a scope, which share the limits. */
  LadderJson(Report report, PageScope scope) {
    this.evidence = report.evidence();
    for (Findings.Reported reported : report.findings()) {
      for (Occurrence occurrence : reported.occurrences()) {
        for (FrameRef frame : occurrence.frames()) {
          findingFrames.computeIfAbsent(frame.point(), point -> new BitSet()).set(frame.frame());
        }
      }
    }
    this.comparison = evidence.comparison();
    this.points = comparison.path().stream().map(PointCapture::point).toList();
    this.connections =
        comparison.connections().stream().filter(traced -> scope.holds(traced.id())).toList();
    this.limit = limit();
    int[] cut = cutConnections();
    // For each point and direction an interval, bytes and a size; losses by direction; findings.
    int width = 6 * points.size() + 6;
    this.intervals =
        Math.max(
            FEWEST_INTERVALS,
            Math.min(MOST_INTERVALS, MAX_OVERVIEW_NUMBERS / (width * Math.max(1, cut.length))));
    int most = MAX_OVERVIEW_NUMBERS / (width * intervals);
    this.overviewFrom = cut.length > most ? cut[cut.length - most] : 0;
  }

  /** The sizes of the connections of which segments are left out, in ascending order. */
  private int[] cutConnections() {
    return connections.stream()
        .filter(this::isCut)
        .mapToInt(LadderJson::segments)
        .sorted()
        .toArray();
  }

  private boolean isCut(TracedConnection traced) {
    return traced.at().points().stream()
        .anyMatch(point -> traced.at().at(point).orElseThrow().segments() > limit);
  }

  private static int segments(TracedConnection traced) {
    return traced.at().points().stream()
        .mapToInt(point -> traced.at().at(point).orElseThrow().segments())
        .sum();
  }

  private int limit() {
    int each = MAX_PER_CONNECTION;
    while (each > MIN_PER_CONNECTION && total(each) > MAX_IN_PAGE) {
      each /= 2;
    }
    return each;
  }

  private long total(int limit) {
    long total = 0;
    for (TracedConnection traced : connections) {
      for (CapturePoint point : traced.at().points()) {
        total += Math.min(limit, traced.at().at(point).orElseThrow().segments());
      }
    }
    return total;
  }

  /** The connections that have one, in the order of their numbers. */
  List<TracedConnection> connections() {
    return connections;
  }

  void write(TracedConnection traced, JsonGenerator out) throws IOException {
    Ladder ladder = new Ladder(evidence, traced, limit, findingFrames);
    out.writeStartObject();
    out.writeNumberField("id", traced.id());
    out.writeNumberField("total", ladder.total());
    out.writeStringField("start", Instant.EPOCH.plusNanos(ladder.startNanos()).toString());
    out.writeArrayFieldStart("isn");
    for (PointCapture capture : comparison.path()) {
      out.writeStartArray();
      if (traced.at().at(capture.point()).isPresent()) {
        for (Direction direction : Direction.values()) {
          out.writeNumber(Integer.toUnsignedLong(ladder.base(capture.point(), direction)));
        }
      }
      out.writeEndArray();
    }
    out.writeEndArray();
    writeColumns(ladder.rungs(), out);
    writeSack(ladder.rungs(), out);
    writeMss(traced, ladder, out);
    writePairs("links", ladder.links(), out);
    writePairs("lost", ladder.lost(), out);
    writePairs("missed", ladder.missed(), out);
    writeTooBigs(traced, ladder, out);
    if (isCut(traced) && segments(traced) >= overviewFrom) {
      out.writeFieldName("overview");
      new LadderOverview(traced, ladder, intervals).write(evidence, points, findingFrames, out);
    }
    out.writeEndObject();
  }

  private static void writeColumns(List<Ladder.Rung> rungs, JsonGenerator out) throws IOException {
    for (Column column : Column.values()) {
      out.writeArrayFieldStart(column.name().toLowerCase(Locale.ROOT));
      for (Ladder.Rung rung : rungs) {
        out.writeNumber(column.of(rung));
      }
      out.writeEndArray();
    }
  }

  /** The columns, with the names that the page reads. */
  private enum Column {
    POINT,
    FRAME,
    TIME_US,
    DIRECTION,
    SEQUENCE,
    ACKNOWLEDGMENT,
    BYTES,
    FLAGS,
    WINDOW;

    long of(Ladder.Rung rung) {
      SegmentTable table = rung.table();
      return switch (this) {
        case POINT -> rung.point();
        case FRAME -> table.frame(rung.row());
        case TIME_US -> rung.timeMicros();
        case DIRECTION -> Ladder.number(rung.direction());
        case SEQUENCE -> rung.position();
        case ACKNOWLEDGMENT -> rung.acknowledged();
        case BYTES -> table.payloadBytes(rung.row());
        case FLAGS -> table.flags(rung.row());
        case WINDOW -> table.window(rung.row());
      };
    }
  }

  private static void writeSack(List<Ladder.Rung> rungs, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("sack");
    for (int i = 0; i < rungs.size(); i++) {
      SegmentTable table = rungs.get(i).table();
      int row = rungs.get(i).row();
      if (!table.hasSack(row)) {
        continue;
      }
      out.writeArrayFieldStart(Integer.toString(i));
      for (int entry = table.firstSack(row); table.isSackOf(entry, row); entry++) {
        out.writeNumber(Integer.toUnsignedLong(table.sackLeft(entry)));
        out.writeNumber(Integer.toUnsignedLong(table.sackRight(entry)));
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private void writeMss(TracedConnection traced, Ladder ladder, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart("mss");
    for (int point = 0; point < comparison.path().size(); point++) {
      Optional<Connection> seen = traced.at().at(comparison.path().get(point).point());
      for (Direction direction : Direction.values()) {
        for (Segment syn : seen.map(c -> c.flow(direction).handshake()).orElse(List.of())) {
          int index = ladder.indexOf(point, syn.frame());
          if (index >= 0 && syn.options().mss().isPresent()) {
            out.writeNumberField(Integer.toString(index), syn.options().mss().getAsInt());
          }
        }
      }
    }
    out.writeEndObject();
  }

  private static void writePairs(String name, List<int[]> pairs, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (int[] pair : pairs) {
      out.writeNumber(pair[0]);
      out.writeNumber(pair[1]);
    }
    out.writeEndArray();
  }

  /** Writes the messages, point by point in path order. */
  private void writeTooBigs(TracedConnection traced, Ladder ladder, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart("icmp");
    for (CapturePoint point : points) {
      for (TooBigMessage message : evidence.tooBigs(traced.id())) {
        Optional<TooBig> seen = message.seen().at(point);
        if (seen.isPresent()) {
          write(message.direction(), point, seen.get(), ladder, out);
        }
      }
    }
    out.writeEndArray();
  }

  private void write(
      Direction direction, CapturePoint point, TooBig message, Ladder ladder, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeNumberField("point", points.indexOf(point));
    out.writeNumberField("frame", message.frame());
    out.writeNumberField("time_us", ladder.micros(point, message.timeNanos()));
    out.writeNumberField("quoted_direction", direction == Direction.C2S ? 0 : 1);
    out.writeNumberField("mtu_bytes", message.mtuBytes());
    out.writeNumberField("ttl", message.ttl());
    out.writeStringField("sender", message.sender());
    out.writeEndObject();
  }
}
