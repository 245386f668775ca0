package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * The path for the drawing: the points in order with the MSS that each saw, and the legs between
 * them, including those before the first point and after the last one.
 */
final class PathJson {
  private final Evidence evidence;
  private final Comparison comparison;
  private final List<CapturePoint> points;
  private final List<Between> legs = new ArrayList<>();
  private final JsonGenerator out;

  /** The facts about a leg: functions and how many connections show them, sizes in bytes. */
  private static final class Between {
    final Map<PathFunction, Integer> functions = new TreeMap<>();
    final TreeSet<Integer> mtuBytes = new TreeSet<>();
    final Map<Direction, Integer> largestBytes = new EnumMap<>(Direction.class);
  }

  PathJson(Evidence evidence, JsonGenerator out) {
    this.evidence = evidence;
    this.comparison = evidence.comparison();
    this.points = comparison.path().stream().map(PointCapture::point).toList();
    this.out = out;
    for (int i = 0; i <= points.size(); i++) {
      legs.add(new Between());
    }
  }

  void write() throws IOException {
    evidence.pairs().forEach(this::cross);
    for (TracedConnection traced : comparison.connections()) {
      evidence.tooBigs(traced.id()).forEach(this::tooBig);
    }
    out.writeStartObject();
    out.writeArrayFieldStart("points");
    for (CapturePoint point : points) {
      writePoint(point);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("legs");
    for (Between leg : legs) {
      write(leg);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /**
   * Adds a pair's facts to its leg. A connection that bypasses a point is no evidence about the
   * legs next to that point.
   */
  private void cross(PairedConnection pair) {
    int index = points.indexOf(pair.nearPoint(Direction.C2S));
    if (points.indexOf(pair.farPoint(Direction.C2S)) != index + 1) {
      return;
    }
    Between leg = legs.get(index + 1);
    evidence
        .middlebox(pair)
        .functions()
        .forEach(name -> leg.functions.merge(name, 1, Integer::sum));
    for (Direction direction : Direction.values()) {
      int largest = pair.farFlow(direction).largestPayloadBytes();
      leg.largestBytes.merge(direction, largest, Math::max);
    }
  }

  /**
   * Adds the MTU to a leg. The narrow link lies beyond the last point that saw the message on its
   * way back.
   */
  private void tooBig(TooBigMessage message) {
    int index = points.indexOf(evidence.lastPointBefore(message));
    int beyond = message.direction() == Direction.C2S ? index + 1 : index;
    legs.get(beyond).mtuBytes.add(message.any().mtuBytes());
  }

  private void writePoint(CapturePoint point) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", point.name());
    out.writeObjectFieldStart("mss");
    for (Direction direction : Direction.values()) {
      Map<Integer, Integer> counts = new TreeMap<>();
      for (TracedConnection traced : comparison.connections()) {
        OptionalInt mss =
            traced
                .at()
                .at(point)
                .map(c -> c.flow(direction).announcedMss())
                .orElse(OptionalInt.empty());
        if (mss.isPresent()) {
          counts.merge(mss.getAsInt(), 1, Integer::sum);
        }
      }
      out.writeArrayFieldStart(direction.label());
      for (Map.Entry<Integer, Integer> count : counts.entrySet()) {
        out.writeArray(new int[] {count.getKey(), count.getValue()}, 0, 2);
      }
      out.writeEndArray();
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  private void write(Between leg) throws IOException {
    out.writeStartObject();
    out.writeObjectFieldStart("functions");
    for (Map.Entry<PathFunction, Integer> function : leg.functions.entrySet()) {
      out.writeNumberField(function.getKey().label(), function.getValue());
    }
    out.writeEndObject();
    out.writeArrayFieldStart("mtu_bytes");
    for (int mtuBytes : leg.mtuBytes) {
      out.writeNumber(mtuBytes);
    }
    out.writeEndArray();
    out.writeObjectFieldStart("largest_payload_bytes");
    for (Direction direction : Direction.values()) {
      out.writeNumberField(direction.label(), leg.largestBytes.getOrDefault(direction, 0));
    }
    out.writeEndObject();
    out.writeEndObject();
  }
}
