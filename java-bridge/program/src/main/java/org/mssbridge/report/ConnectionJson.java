package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.TimeSpent;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.Direction;

/** One connection of the JSON report. */
final class ConnectionJson {
  private final Evidence evidence;
  private final Comparison comparison;
  private final RetransmissionJson retransmissions;
  private final Map<Integer, TimeSpent.OfConnection> times = new HashMap<>();
  private final JsonGenerator out;

  ConnectionJson(Evidence evidence, RetransmissionJson retransmissions, JsonGenerator out) {
    this.evidence = evidence;
    this.comparison = evidence.comparison();
    this.retransmissions = retransmissions;
    this.out = out;
    for (TimeSpent spent : evidence.timeSpent()) {
      spent.byConnection().forEach(one -> times.put(one.connection(), one));
    }
  }

  void write(TracedConnection traced) throws IOException {
    out.writeStartObject();
    out.writeNumberField("id", traced.id());
    writeSightings(traced);
    writeTexts("matched_by", traced.matchedBy());
    out.writeNumberField("confidence", traced.confidence());
    writeMss(traced);
    ConnectionSummary summary = new ConnectionSummary(evidence, traced);
    writeNumbers("isn_delta", summary::isnDelta);
    Optional<Boolean> sackTranslated = summary.isSackTranslated();
    if (sackTranslated.isPresent()) {
      out.writeBooleanField("sack_translated", sackTranslated.get());
    } else {
      out.writeNullField("sack_translated");
    }
    writeTexts("options_changed", summary.changedOptions());
    writeNumbers("lost_segments", summary::lostSegments);
    writeNumbers("lost_bytes", summary::lostBytes);
    writeTexts("middlebox", summary.functions().stream().map(PathFunction::label).toList());
    if (times.containsKey(traced.id())) {
      new TimeJson(out).write(times.get(traced.id()));
    }
    retransmissions.write(traced.id());
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
        if (capture.part().isEmpty()) {
          out.writeNumberField("stream", seen.get().stream());
        } else {
          out.writeNullField("stream"); // In the file it is mixed with that of other points.
        }
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

  private void writeNumbers(String name, Function<Direction, OptionalLong> value)
      throws IOException {
    out.writeObjectFieldStart(name);
    for (Direction direction : Direction.values()) {
      writeNumber(direction.label(), value.apply(direction));
    }
    out.writeEndObject();
  }

  private void writeTexts(String name, Iterable<String> values) throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      out.writeString(value);
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
