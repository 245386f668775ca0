package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.InitialTtl;

/**
 * Finds segments above the MSS in a single capture. Offload is the usual reason, and a TTL that no
 * router has lowered shows on which host; without one, nothing is reported.
 */
final class AboveMssAlone {
  record Above(Kind kind, Direction inDirection, CapturePoint point, int mssBytes, int largestBytes)
      implements Finding {
    @Override
    public String message() {
      boolean sending = kind.equals(SegmentAboveMss.SEGMENTATION);
      return String.format(
          "segments of up to %d bytes, above MSS %d, in this capture: taken on the %s host, most"
              + " likely, %s; a second capture would tell",
          largestBytes,
          mssBytes,
          sending ? "sending" : "receiving",
          sending ? "before its network card cut them" : "after they were joined");
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("mss_bytes", mssBytes)
          .and("largest_segment_bytes", largestBytes);
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      boolean sending = kind.equals(SegmentAboveMss.SEGMENTATION);
      return Optional.of(
          SecondCapture.near(
              sending ? inDirection.reverse() : inDirection,
              "how large these segments are on the wire"));
    }

    @Override
    public String nextStep() {
      return "compare with a capture of the other end (mssbridge compare CLIENT SERVER)";
    }
  }

  private record Key(Kind kind, Direction inDirection, int mssBytes) {}

  private AboveMssAlone() {}

  static void check(Evidence evidence, Findings findings) {
    CapturePoint point = evidence.comparison().captures().get(0).point();
    Map<Key, List<Occurrence>> occurrences = new LinkedHashMap<>();
    Map<Key, Integer> largest = new LinkedHashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      Connection connection = traced.at().at(point).orElseThrow();
      for (Direction direction : Direction.values()) {
        OptionalInt limit = connection.mssLimit(direction);
        Flow flow = connection.flow(direction);
        Optional<Kind> kind = kind(connection, direction);
        if (limit.orElse(0) > 0
            && flow.largestPayloadBytes() > limit.getAsInt()
            && kind.isPresent()) {
          Key key = new Key(kind.get(), direction, limit.getAsInt());
          largest.merge(key, flow.largestPayloadBytes(), Math::max);
          collect(traced.id(), point, flow, limit.getAsInt())
              .forEach(
                  occurrence ->
                      occurrences.computeIfAbsent(key, k -> new ArrayList<>()).add(occurrence));
        }
      }
    }
    occurrences.forEach(
        (key, found) -> {
          Above above =
              new Above(key.kind(), key.inDirection(), point, key.mssBytes(), largest.get(key));
          found.forEach(occurrence -> findings.add(above, occurrence));
        });
  }

  private static Optional<Kind> kind(Connection connection, Direction direction) {
    boolean atSender = InitialTtl.is(connection.flow(direction).firstTtl());
    boolean atReceiver = InitialTtl.is(connection.flow(direction.reverse()).firstTtl());
    if (atSender == atReceiver) {
      return Optional.empty();
    }
    return Optional.of(atSender ? SegmentAboveMss.SEGMENTATION : SegmentAboveMss.RECEIVE);
  }

  private static List<Occurrence> collect(
      int connection, CapturePoint point, Flow flow, int limitBytes) {
    List<Occurrence> occurrences = new ArrayList<>();
    SegmentTable table = flow.table();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) > limitBytes) {
        occurrences.add(
            Occurrence.on(connection)
                .at(point, table.frame(row))
                .with(Facts.of("segment_bytes", table.payloadBytes(row))));
      }
    }
    return occurrences;
  }
}
