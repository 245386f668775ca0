package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Retransmissions;
import org.mssbridge.evidence.Retransmissions.Amount;
import org.mssbridge.evidence.Retransmissions.Cause;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.CapturePoint;

/** Why data was sent again, in the JSON report: over all connections, and of each. */
final class RetransmissionJson {
  private final List<Retransmissions> all;
  private final Map<Integer, List<OfDirection>> byConnection = new HashMap<>();
  private final JsonGenerator out;

  private record OfDirection(Retransmissions all, Map<Cause, Amount> causes) {}

  RetransmissionJson(Evidence evidence, JsonGenerator out) {
    this.all = evidence.retransmissions();
    this.out = out;
    for (Retransmissions again : all) {
      for (Retransmissions.OfConnection one : again.byConnection()) {
        byConnection
            .computeIfAbsent(one.connection(), id -> new ArrayList<>(1))
            .add(new OfDirection(again, one.causes()));
      }
    }
  }

  /** Writes the field of the report. */
  void write() throws IOException {
    out.writeArrayFieldStart("retransmissions");
    for (Retransmissions again : all) {
      out.writeStartObject();
      out.writeStringField("direction", again.direction().label());
      out.writeArrayFieldStart("points");
      for (CapturePoint point : again.points()) {
        out.writeString(point.name());
      }
      out.writeEndArray();
      out.writeNumberField("segments", again.segments());
      out.writeNumberField("bytes", again.bytes());
      out.writeNumberField("connections", again.byConnection().size());
      out.writeNumberField("connections_not_followed", again.notFollowed());
      out.writeArrayFieldStart("causes");
      for (Map.Entry<Cause, Amount> cause : again.causes().entrySet()) {
        out.writeStartObject();
        write(cause);
        out.writeStringField("words", again.words(cause.getKey()));
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** Writes the field of a connection; nothing where nothing of it was sent again. */
  void write(int connection) throws IOException {
    List<OfDirection> some = byConnection.getOrDefault(connection, List.of());
    if (some.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("retransmissions");
    for (OfDirection one : some) {
      for (Map.Entry<Cause, Amount> cause : one.all().sorted(one.causes()).entrySet()) {
        out.writeStartObject();
        out.writeStringField("direction", one.all().direction().label());
        write(cause);
        out.writeEndObject();
      }
    }
    out.writeEndArray();
  }

  private void write(Map.Entry<Cause, Amount> cause) throws IOException {
    Optional<Leg> leg = cause.getKey().leg();
    out.writeStringField("cause", cause.getKey().what().label());
    out.writeStringField("near", leg.map(at -> at.near().name()).orElse(null));
    out.writeStringField("far", leg.map(at -> at.far().name()).orElse(null));
    out.writeNumberField("segments", cause.getValue().segments());
    out.writeNumberField("bytes", cause.getValue().bytes());
    out.writeArrayFieldStart("frames");
    for (int frame : cause.getValue().frames()) {
      out.writeNumber(frame);
    }
    out.writeEndArray();
  }
}
