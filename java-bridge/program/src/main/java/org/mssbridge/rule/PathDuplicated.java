package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LegTotals;
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

/** Segments that left the near point once and came to the far one more than once. */
final class PathDuplicated implements Rule {
  static final Kind KIND =
      new Kind(
          "path.duplicated", Severity.NOTE, Group.SEQUENCE, "segments were duplicated on the path");

  record Duplicated(Leg across, int segments, long arrived) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%d of %d data segments that arrive %s %s, made %s",
          segments,
          arrived,
          across.direction().label(),
          segments == 1 ? "is a second copy" : "are second copies",
          across.between());
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across.facts().and("duplicated_segments", segments).and("arrived_segments", arrived);
    }

    @Override
    public String nextStep() {
      return "look for a loop, a redundant link that sends both copies, or flooding "
          + across.between();
    }
  }

  private static final class Totals {
    int segments;
    long arrived;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    LegTotals<Totals> totals = new LegTotals<>(evidence);
    totals.forEach(
        Totals::new,
        (pair, direction, total) -> {
          total.segments += pair.alignment(direction).duplicated().length;
          total.arrived += pair.alignment(direction).far().size();
        });
    totals.forEach(
        Totals::new, (pair, direction, total) -> report(pair, direction, total, findings));
  }

  private static void report(
      PairedConnection pair, Direction direction, Totals total, Findings findings) {
    Alignment alignment = pair.alignment(direction);
    SegmentTable table = pair.farFlow(direction).table();
    for (int index : alignment.duplicated()) {
      int row = alignment.far().row()[index];
      findings.add(
          new Duplicated(Legs.of(pair, direction), total.segments, total.arrived),
          Occurrence.on(pair.id())
              .at(pair.farPoint(direction), table.frame(row))
              .saying(
                  "a second copy of a segment that passed " + pair.nearPoint(direction) + " once")
              .with(
                  Facts.of("segment_bytes", table.payloadBytes(row))
                      .and("relative_sequence", alignment.far().start()[index])));
    }
  }
}
