package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import org.mssbridge.evidence.Durations;
import org.mssbridge.evidence.LeftOut;
import org.mssbridge.evidence.TimePart;
import org.mssbridge.evidence.TimeSpent;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.CapturePoint;

/** Where the time of the requests went that passed the same points, in the JSON report. */
final class TimeJson {
  private final JsonGenerator out;

  TimeJson(JsonGenerator out) {
    this.out = out;
  }

  void write(TimeSpent spent) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("points");
    for (CapturePoint point : spent.points()) {
      out.writeString(point.name());
    }
    out.writeEndArray();
    out.writeNumberField("connections", spent.connections());
    out.writeNumberField("requests", spent.requests());
    out.writeObjectFieldStart("left_out");
    for (LeftOut reason : LeftOut.values()) {
      out.writeNumberField(reason.label(), spent.leftOut(reason));
    }
    out.writeEndObject();
    write("wait", spent.waits());
    for (TimePart part : TimePart.values()) {
      write(part.name().toLowerCase(Locale.ROOT), spent.part(part));
    }
    out.writeArrayFieldStart("legs");
    for (int i = 0; i < spent.legs().size(); i++) {
      Leg leg = spent.legs().get(i);
      out.writeStartObject();
      out.writeStringField("near", leg.near().name());
      out.writeStringField("far", leg.far().name());
      write("round_trip", spent.leg(i));
      out.writeEndObject();
    }
    out.writeEndArray();
    write("first_byte", spent.firstBytes());
    write("between_requests", spent.betweenRequests());
    write("handshake", spent.handshakes());
    write("handshake_server", spent.handshakeAnswers());
    write("tls_hello", spent.tlsHellos());
    out.writeEndObject();
  }

  /** Writes the field of a connection: what its requests waited for, added up. */
  void write(TimeSpent.OfConnection one) throws IOException {
    out.writeObjectFieldStart("time");
    out.writeNumberField("requests", one.requests());
    out.writeNumberField("wait_ms", milliseconds(one.waitNanos()));
    out.writeNumberField("server_ms", milliseconds(one.serverNanos()));
    out.writeNumberField("network_ms", milliseconds(one.networkNanos()));
    out.writeNumberField("retransmission_ms", milliseconds(one.retransmissionNanos()));
    out.writeNumberField("client_ms", milliseconds(one.clientNanos()));
    out.writeNumberField("transfer_ms", milliseconds(one.transferNanos()));
    out.writeEndObject();
  }

  /** Rounded to a microsecond, because captures rarely have finer times. */
  private static double milliseconds(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }

  private void write(String name, Durations spans) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("count", spans.count());
    writeMilliseconds("median_ms", spans, spans.medianNanos());
    writeMilliseconds("percentile_95_ms", spans, spans.percentileNanos(0.95));
    writeMilliseconds("longest_ms", spans, spans.mostNanos());
    writeMilliseconds("total_ms", spans, spans.sumNanos());
    out.writeEndObject();
  }

  private void writeMilliseconds(String name, Durations spans, long nanos) throws IOException {
    if (spans.count() == 0) {
      out.writeNullField(name);
    } else {
      out.writeNumberField(name, milliseconds(nanos));
    }
  }
}
