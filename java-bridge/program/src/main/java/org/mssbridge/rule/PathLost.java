package org.mssbridge.rule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Bytes of a transmission that left the near point and did not arrive at the far one. */
final class PathLost implements Rule {
  static final Kind KIND =
      new Kind("path.lost", Severity.NOTE, Group.SEQUENCE, "bytes were lost between the points");

  private static final double WARN_PERCENT = 1.0;

  record Lost(Leg across, int segments, long bytes, long sentSegments, long sentBytes)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public Severity severity() {
      return percent() >= WARN_PERCENT ? Severity.WARN : Severity.NOTE;
    }

    private double percent() {
      return sentBytes == 0 ? 0 : 100.0 * bytes / sentBytes;
    }

    @Override
    public String message() {
      return String.format(
          Locale.ROOT,
          "%d of %d data segments (%d bytes, %.2f %%) sent %s %s lost %s",
          segments,
          sentSegments,
          bytes,
          percent(),
          across.direction().label(),
          segments == 1 ? "was" : "were",
          across.between());
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("lost_segments", segments)
          .and("lost_bytes", bytes)
          .and("sent_segments", sentSegments)
          .and("sent_bytes", sentBytes)
          .and("lost_percent_of_bytes", Math.round(percent() * 1000) / 1000.0);
    }

    @Override
    public String nextStep() {
      return "look for drops "
          + across.between()
          + ": queues, policers, a smaller MTU (compare the sizes of what was lost)";
    }
  }

  private static final class Totals {
    int segments;
    long bytes;
    long sentSegments;
    long sentBytes;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Leg, Totals> totals = new LinkedHashMap<>();
    for (PairedConnection pair : evidence.pairs()) {
      for (Direction direction : Direction.values()) {
        if (!evidence.middlebox(pair).endsConnections()) {
          add(
              totals.computeIfAbsent(Legs.of(pair, direction), leg -> new Totals()),
              pair,
              direction);
        }
      }
    }
    for (PairedConnection pair : evidence.pairs()) {
      for (Direction direction : Direction.values()) {
        Totals total = totals.get(Legs.of(pair, direction));
        if (total != null && total.segments > 0 && !evidence.middlebox(pair).endsConnections()) {
          report(pair, direction, total, findings);
        }
      }
    }
  }

  private static void add(Totals totals, PairedConnection pair, Direction direction) {
    Alignment alignment = pair.alignment(direction);
    SegmentTable table = pair.nearFlow(direction).table();
    totals.segments += alignment.lost().segments();
    totals.bytes += alignment.lost().bytes();
    totals.sentSegments += alignment.near().size();
    for (int row : alignment.near().row()) {
      totals.sentBytes += table.payloadBytes(row);
    }
  }

  private static void report(
      PairedConnection pair, Direction direction, Totals total, Findings findings) {
    Lost lost =
        new Lost(
            Legs.of(pair, direction),
            total.segments,
            total.bytes,
            total.sentSegments,
            total.sentBytes);
    Alignment alignment = pair.alignment(direction);
    SegmentTable table = pair.nearFlow(direction).table();
    Alignment.Ranges ranges = alignment.lost();
    for (int i = 0; i < ranges.size(); i++) {
      int index = ranges.index()[i];
      int row = alignment.near().row()[index];
      long from = ranges.start()[i] - alignment.near().start()[index];
      long to = ranges.end()[i] - alignment.near().start()[index] - 1;
      Occurrence occurrence =
          Occurrence.on(pair.id())
              .at(pair.nearPoint(direction), table.frame(row))
              .saying(
                  String.format(
                      "bytes %d to %d of this segment's %d never reached %s (relative sequence"
                          + " numbers %d to %d)",
                      from,
                      to,
                      table.payloadBytes(row),
                      pair.farPoint(direction),
                      ranges.start()[i],
                      ranges.end()[i] - 1))
              .with(
                  Facts.of("first_lost_byte", from)
                      .and("last_lost_byte", to)
                      .and("segment_bytes", table.payloadBytes(row))
                      .and("relative_sequence", ranges.start()[i])
                      .and("lost_bytes", ranges.end()[i] - ranges.start()[i]));
      findings.add(lost, occurrence);
    }
  }
}
