package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.BitSet;
import java.util.Map;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * All segments of a connection, summed by intervals of equal length from its first segment to its
 * last one, for connections of which a page does not hold every segment. Intervals without a
 * segment are left out.
 */
final class LadderOverview {
  private final TracedConnection traced;
  private final Ladder ladder;
  private final int intervals;
  private final long[][] lost = new long[2][];
  private final long[] findings;
  private long endMicros;

  /**
   * @param intervals how many
   */
  LadderOverview(TracedConnection traced, Ladder ladder, int intervals) {
    this.traced = traced;
    this.ladder = ladder;
    this.intervals = intervals;
    this.findings = new long[intervals];
    for (CapturePoint point : traced.at().points()) {
      for (Direction direction : Direction.values()) {
        Flow flow = traced.at().at(point).orElseThrow().flow(direction);
        SegmentTable table = flow.table();
        for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
          endMicros = Math.max(endMicros, ladder.micros(point, table.timeNanos(row)));
        }
      }
    }
  }

  private int interval(CapturePoint point, SegmentTable table, int row) {
    long micros = Math.max(0, ladder.micros(point, table.timeNanos(row)));
    return (int) Math.min(intervals - 1L, micros * intervals / (endMicros + 1));
  }

  /**
   * Writes the object: {@code end_us}; {@code intervals}; {@code sent}, for each point and
   * direction the interval, its bytes of payload and the largest payload, alternately; {@code
   * lost}, for each direction the interval and the number of transmissions that lost bytes; and
   * {@code findings}, the interval and the number of frames that findings name.
   *
   * @param findingFrames the frames of findings at each point
   */
  void write(
      Evidence evidence,
      Iterable<CapturePoint> points,
      Map<CapturePoint, BitSet> findingFrames,
      JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeNumberField("end_us", endMicros);
    out.writeNumberField("intervals", intervals);
    out.writeArrayFieldStart("sent");
    int index = 0;
    for (CapturePoint point : points) {
      if (traced.at().at(point).isPresent()) {
        for (Direction direction : Direction.values()) {
          writeSent(point, index, direction, findingFrames.getOrDefault(point, new BitSet()), out);
        }
      }
      index++;
    }
    out.writeEndArray();
    for (Direction direction : Direction.values()) {
      lost[Ladder.number(direction)] = lost(evidence, direction);
    }
    out.writeArrayFieldStart("lost");
    for (long[] counts : lost) {
      out.writeStartArray();
      writeCounts(counts, out);
      out.writeEndArray();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("findings");
    writeCounts(findings, out);
    out.writeEndArray();
    out.writeEndObject();
  }

  private void writeSent(
      CapturePoint point, int index, Direction direction, BitSet findingFrames, JsonGenerator out)
      throws IOException {
    Connection seen = traced.at().at(point).orElseThrow();
    SegmentTable table = seen.flow(direction).table();
    long[] bytes = new long[intervals];
    int[] largest = new int[intervals];
    for (int row = seen.flow(direction).firstRow(); row >= 0; row = table.next(row)) {
      int interval = interval(point, table, row);
      bytes[interval] += table.payloadBytes(row);
      largest[interval] = Math.max(largest[interval], table.payloadBytes(row));
      if (findingFrames.get(table.frame(row))) {
        findings[interval]++;
      }
    }
    out.writeStartObject();
    out.writeNumberField("point", index);
    out.writeNumberField("direction", Ladder.number(direction));
    out.writeArrayFieldStart("values");
    for (int i = 0; i < intervals; i++) {
      if (bytes[i] > 0) {
        out.writeNumber(i);
        out.writeNumber(bytes[i]);
        out.writeNumber(largest[i]);
      }
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private long[] lost(Evidence evidence, Direction direction) {
    long[] counts = new long[intervals];
    for (PairedConnection pair : traced.pairs()) {
      if (evidence.middlebox(pair).endsConnections()) {
        continue;
      }
      Alignment alignment = pair.alignment(direction);
      CapturePoint near = pair.nearPoint(direction);
      SegmentTable table = pair.nearFlow(direction).table();
      int last = -1;
      for (int i = 0; i < alignment.lost().size(); i++) {
        int sent = alignment.lost().index()[i];
        if (sent != last) {
          counts[interval(near, table, alignment.near().row()[sent])]++;
          last = sent;
        }
      }
    }
    return counts;
  }

  private static void writeCounts(long[] counts, JsonGenerator out) throws IOException {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        out.writeNumber(i);
        out.writeNumber(counts[i]);
      }
    }
  }
}
