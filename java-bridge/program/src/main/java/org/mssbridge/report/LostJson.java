package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.TcpFlags;

/** The segments that left a point and did not arrive at the next one, for the table of the page. */
final class LostJson {
  /** As many as somebody looks through; {@code --packets} has all. */
  private static final int MOST = 1000;

  private final Evidence evidence;
  private final JsonGenerator out;
  private int written;
  private int lost;

  LostJson(Evidence evidence, JsonGenerator out) {
    this.evidence = evidence;
    this.out = out;
  }

  void write() throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("rows");
    for (List<Passage> passages : evidence.passagesByLeg().values()) {
      for (Passage passage : passages) {
        write(passage);
      }
    }
    out.writeEndArray();
    out.writeNumberField("lost", lost);
    out.writeEndObject();
  }

  private void write(Passage passage) throws IOException {
    List<Integer> control = evidence.lostControl(passage).frames();
    Alignment.Ranges ranges = passage.alignment().lost();
    lost += ranges.segments() + control.size();
    if (written == MOST || ranges.size() + control.size() == 0) {
      return;
    }
    Map<Integer, Long> bytes = new HashMap<>();
    for (int i = 0; i < ranges.size(); i++) {
      bytes.merge(
          passage.alignment().near().row()[ranges.index()[i]],
          ranges.end()[i] - ranges.start()[i],
          Long::sum);
    }
    int next = 0;
    SegmentTable table = passage.near().table();
    for (int row = passage.near().firstRow(); row >= 0 && written < MOST; row = table.next(row)) {
      boolean isControl = next < control.size() && control.get(next) == table.frame(row);
      next += isControl ? 1 : 0;
      if (isControl || bytes.containsKey(row)) {
        write(passage, row, bytes.getOrDefault(row, 0L));
      }
    }
  }

  private void write(Passage passage, int row, long lostBytes) throws IOException {
    SegmentTable table = passage.near().table();
    written++;
    out.writeStartObject();
    out.writeNumberField("connection", passage.pair().id());
    out.writeStringField("from", passage.nearPoint().name());
    out.writeStringField("to", passage.farPoint().name());
    out.writeNumberField("frame", table.frame(row));
    if (table.isTimed()) {
      Clock clock = evidence.comparison().clocks().at(passage.nearPoint()).orElse(Clock.identity());
      long nanos = clock.referenceNanos(table.timeNanos(row));
      out.writeStringField("time", Instant.EPOCH.plusNanos(nanos).toString());
    } else {
      out.writeNullField("time");
    }
    out.writeStringField("flags", TcpFlags.letters(table.flags(row)));
    out.writeNumberField("payload_bytes", table.payloadBytes(row));
    out.writeNumberField("lost_bytes", lostBytes);
    out.writeEndObject();
  }
}
