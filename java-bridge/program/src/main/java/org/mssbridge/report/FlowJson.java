package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.DnsFlow;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.datagram.Jitter;
import org.mssbridge.datagram.RtpStream;
import org.mssbridge.datagram.TracedFlow;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/** What captures hold besides TCP, as JSON. */
final class FlowJson {
  private final Datagrams datagrams;
  private final JsonGenerator out;

  FlowJson(Datagrams datagrams, JsonGenerator out) {
    this.datagrams = datagrams;
    this.out = out;
  }

  /** Writes how much of one capture was looked at. */
  void writeCapture(DatagramTable table) throws IOException {
    out.writeObjectFieldStart("besides_tcp");
    out.writeBooleanField("read", table.isRead());
    out.writeNumberField("flows", table.flows().size());
    out.writeNumberField("packets", table.packets());
    out.writeNumberField("incomplete", table.fragments().incompletePackets());
    out.writeNumberField("not_looked_at", table.unreadPackets());
    out.writeNumberField("in_tunnels", table.carrierPackets());
    out.writeEndObject();
  }

  /**
   * Writes the array of the flows.
   *
   * @param most so many at most
   */
  void write(int most) throws IOException {
    out.writeArrayFieldStart("flows");
    List<TracedFlow> flows = datagrams.flows();
    for (TracedFlow flow : flows.subList(0, Math.min(most, flows.size()))) {
      out.writeStartObject();
      DatagramFlow first = flow.at(flow.points().get(0)).orElseThrow();
      out.writeStringField("protocol", first.protocolName());
      out.writeNumberField("ip_protocol", first.protocol());
      out.writeObjectFieldStart("at");
      for (CapturePoint point : flow.points()) {
        out.writeObjectFieldStart(point.name());
        writeSighting(flow, point);
        out.writeEndObject();
      }
      out.writeEndObject();
      out.writeArrayFieldStart("arrivals");
      for (FlowPassage passage : datagrams.passages(flow)) {
        writeArrivals(passage);
      }
      out.writeEndArray();
      Optional<DnsFlow> dns = datagrams.dns(flow);
      if (dns.isPresent()) {
        writeDns(dns.get());
      }
      writeRtp(flow);
      out.writeEndObject();
    }
    out.writeEndArray();
    if (flows.size() > most) {
      out.writeNumberField("flows_total", flows.size());
    }
  }

  /** The streams at each point; nothing for a flow without any. */
  private void writeRtp(TracedFlow flow) throws IOException {
    boolean isOpen = false;
    for (CapturePoint point : flow.points()) {
      DatagramFlow seen = flow.at(point).orElseThrow();
      DatagramTable table = datagrams.tables().get(point);
      for (Direction direction : Direction.values()) {
        for (RtpStream stream : RtpStream.of(table, seen, flow.at(point, direction))) {
          if (!isOpen) {
            out.writeArrayFieldStart("rtp");
            isOpen = true;
          }
          writeStream(flow, point, direction, stream);
        }
      }
    }
    if (isOpen) {
      out.writeEndArray();
    }
  }

  private void writeStream(
      TracedFlow flow, CapturePoint point, Direction direction, RtpStream stream)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("point", point.name());
    out.writeStringField("direction", direction.label());
    out.writeStringField("ssrc", String.format("0x%08x", stream.source()));
    out.writeNumberField("payload_type", stream.payloadType());
    out.writeNumberField("packets", stream.packets());
    out.writeNumberField("expected", stream.expected());
    out.writeNumberField("missing", stream.missing());
    Jitter jitter = stream.jitter();
    if (jitter.isKnown()) {
      out.writeNumberField("jitter_ms", Math.round(jitter.meanNanos() / 1e3) / 1e3);
    }
    for (FlowPassage passage : datagrams.passages(flow)) {
      Jitter way = stream.jitter(passage);
      if (passage.nearPoint().equals(point) && passage.direction() == direction && way.isKnown()) {
        out.writeStringField("far", passage.farPoint().name());
        out.writeNumberField("added_jitter_ms", Math.round(way.meanNanos() / 1e3) / 1e3);
      }
    }
    out.writeEndObject();
  }

  /** The questions at each point, and how long they wait for their answers. */
  private void writeDns(DnsFlow flow) throws IOException {
    out.writeObjectFieldStart("dns");
    for (CapturePoint point : flow.flow().points()) {
      long[] nanos = flow.answerNanos(point).toArray();
      Arrays.sort(nanos);
      out.writeObjectFieldStart(point.name());
      out.writeNumberField("questions", flow.questions(point));
      out.writeNumberField("repeated", flow.repeated(point));
      out.writeNumberField("answered", nanos.length);
      writeMilliseconds("median_ms", nanos, 0.5);
      writeMilliseconds("percentile_95_ms", nanos, 0.95);
      writeMilliseconds("longest_ms", nanos, 1);
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private void writeMilliseconds(String name, long[] sorted, double share) throws IOException {
    if (sorted.length == 0) {
      out.writeNullField(name);
    } else {
      out.writeNumberField(
          name, Math.round(sorted[(int) (share * (sorted.length - 1))] / 1e3) / 1e3);
    }
  }

  private void writeSighting(TracedFlow flow, CapturePoint point) throws IOException {
    DatagramFlow seen = flow.at(point).orElseThrow();
    DatagramTable table = datagrams.tables().get(point);
    Direction c2s = flow.at(point, Direction.C2S);
    out.writeStringField("client", seen.text(seen.sender(c2s)));
    out.writeStringField("server", seen.text(seen.sender(c2s.reverse())));
    out.writeNumberField("first", seen.firstFrame());
    if (!flow.later(point).isEmpty()) {
      out.writeArrayFieldStart("later");
      for (DatagramFlow later : flow.later(point)) {
        out.writeStartObject();
        out.writeStringField("client", later.text(later.sender(c2s)));
        out.writeStringField("server", later.text(later.sender(c2s.reverse())));
        out.writeNumberField("first", later.firstFrame());
        writePackets(table, later, c2s);
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    writePackets(table, seen, c2s);
  }

  private void writePackets(DatagramTable table, DatagramFlow seen, Direction c2s)
      throws IOException {
    out.writeObjectFieldStart("packets");
    out.writeNumberField(Direction.C2S.label(), table.packets(seen, c2s));
    out.writeNumberField(Direction.S2C.label(), table.packets(seen, c2s.reverse()));
    out.writeEndObject();
  }

  private void writeArrivals(FlowPassage passage) throws IOException {
    out.writeStartObject();
    out.writeStringField("direction", passage.direction().label());
    out.writeStringField("near", passage.nearPoint().name());
    out.writeStringField("far", passage.farPoint().name());
    out.writeNumberField("sent", passage.sent());
    out.writeNumberField("arrived", passage.arrived());
    out.writeNumberField("lost", passage.lost().length);
    out.writeNumberField("modified", passage.modified().size());
    out.writeNumberField("in_part", passage.partial().size());
    out.writeNumberField("unknown", passage.unknown());
    out.writeNumberField("missed_by_capture", passage.missedByNear());
    out.writeEndObject();
  }
}
