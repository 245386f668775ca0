package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.match.Alignment;
import org.mssbridge.match.Comparison;
import org.mssbridge.match.PairedConnection;
import org.mssbridge.match.TracedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.rule.ConnectionFacts;
import org.mssbridge.rule.Evidence;
import org.mssbridge.rule.PathFunction;

/** One connection of the JSON report. */
final class ConnectionJson {
  private final Evidence evidence;
  private final Comparison comparison;
  private final JsonGenerator out;

  ConnectionJson(Evidence evidence, JsonGenerator out) {
    this.evidence = evidence;
    this.comparison = evidence.comparison();
    this.out = out;
  }

  void write(TracedConnection traced) throws IOException {
    out.writeStartObject();
    out.writeNumberField("id", traced.id());
    writeSightings(traced);
    out.writeArrayFieldStart("matched_by");
    for (String reason : traced.matchedBy()) {
      out.writeString(reason);
    }
    out.writeEndArray();
    out.writeNumberField("confidence", traced.confidence());
    writeMss(traced);
    boolean ended = traced.pairs().stream().anyMatch(p -> evidence.middlebox(p).endsConnections());
    out.writeObjectFieldStart("isn_delta");
    for (Direction direction : Direction.values()) {
      writeNumber(direction.label(), ended ? OptionalLong.empty() : isnDelta(traced, direction));
    }
    out.writeEndObject();
    writeSack(traced, ended);
    out.writeArrayFieldStart("options_changed");
    Set<String> options = new TreeSet<>();
    traced.pairs().forEach(pair -> options.addAll(ConnectionFacts.changedOptions(pair)));
    for (String option : options) {
      out.writeString(option);
    }
    out.writeEndArray();
    writeLosses(traced, ended);
    writeFunctions(traced);
    out.writeEndObject();
  }

  private void writeSightings(TracedConnection traced) throws IOException {
    out.writeObjectFieldStart("at");
    for (PointCapture capture : comparison.captures()) {
      Optional<Connection> seen = traced.at().at(capture.point());
      if (seen.isPresent()) {
        out.writeObjectFieldStart(capture.point().name());
        out.writeStringField("client", seen.get().client().toString());
        out.writeStringField("server", seen.get().server().toString());
        out.writeNumberField("stream", seen.get().stream());
        out.writeNumberField("frames", seen.get().segments());
        out.writeNumberField("first", seen.get().firstFrame());
        out.writeEndObject();
      }
    }
    out.writeEndObject();
  }

  private void writeMss(TracedConnection traced) throws IOException {
    out.writeObjectFieldStart("mss");
    for (Direction direction : Direction.values()) {
      out.writeObjectFieldStart(direction.label());
      for (PointCapture capture : comparison.captures()) {
        Optional<Connection> seen = traced.at().at(capture.point());
        if (seen.isPresent()) {
          OptionalInt mss = seen.get().flow(direction).announcedMss();
          writeNumber(
              capture.point().name(),
              mss.isPresent() ? OptionalLong.of(mss.getAsInt()) : OptionalLong.empty());
        }
      }
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  /** The last given point's ISN minus the first given one's that saw the connection. */
  private OptionalLong isnDelta(TracedConnection traced, Direction direction) {
    List<CapturePoint> points =
        comparison.captures().stream()
            .map(PointCapture::point)
            .filter(point -> traced.at().at(point).isPresent())
            .toList();
    OptionalInt first = isn(traced, points.get(0), direction);
    OptionalInt last = isn(traced, points.get(points.size() - 1), direction);
    return points.size() > 1 && first.isPresent() && last.isPresent()
        ? OptionalLong.of(SequenceNumber.delta(first.getAsInt(), last.getAsInt()))
        : OptionalLong.empty();
  }

  private static OptionalInt isn(TracedConnection traced, CapturePoint point, Direction direction) {
    return traced.at().at(point).orElseThrow().flow(direction).isn();
  }

  private void writeSack(TracedConnection traced, boolean ended) throws IOException {
    List<Boolean> answers =
        ended
            ? List.of()
            : traced.pairs().stream()
                .flatMap(pair -> ConnectionFacts.isSackTranslated(evidence, pair).stream())
                .toList();
    if (answers.isEmpty()) {
      out.writeNullField("sack_translated");
    } else {
      out.writeBooleanField("sack_translated", !answers.contains(false));
    }
  }

  private void writeLosses(TracedConnection traced, boolean ended) throws IOException {
    boolean known = !ended && !traced.pairs().isEmpty();
    out.writeObjectFieldStart("lost_segments");
    for (Direction direction : Direction.values()) {
      long segments = traced.pairs().stream().mapToLong(p -> lost(p, direction).segments()).sum();
      writeNumber(direction.label(), known ? OptionalLong.of(segments) : OptionalLong.empty());
    }
    out.writeEndObject();
    out.writeObjectFieldStart("lost_bytes");
    for (Direction direction : Direction.values()) {
      long bytes = traced.pairs().stream().mapToLong(p -> lost(p, direction).bytes()).sum();
      writeNumber(direction.label(), known ? OptionalLong.of(bytes) : OptionalLong.empty());
    }
    out.writeEndObject();
  }

  private static Alignment.Ranges lost(PairedConnection pair, Direction direction) {
    return pair.alignment(direction).lost();
  }

  private void writeFunctions(TracedConnection traced) throws IOException {
    Set<PathFunction> functions = new TreeSet<>();
    for (PairedConnection pair : traced.pairs()) {
      functions.addAll(evidence.middlebox(pair).names());
    }
    if (functions.size() > 1) {
      functions.remove(PathFunction.NONE);
    }
    out.writeArrayFieldStart("middlebox");
    for (PathFunction function : functions) {
      out.writeString(function.label());
    }
    out.writeEndArray();
  }

  private void writeNumber(String name, OptionalLong value) throws IOException {
    if (value.isPresent()) {
      out.writeNumberField(name, value.getAsLong());
    } else {
      out.writeNullField(name);
    }
  }
}
