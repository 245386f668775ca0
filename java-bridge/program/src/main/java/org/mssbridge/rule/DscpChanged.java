package org.mssbridge.rule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.evidence.Crossings;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.DsField;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Segments whose DSCP differs between the points (RFC 2475, section 2.3.2). */
final class DscpChanged implements Rule {
  static final Kind KIND =
      new Kind("dscp.changed", Severity.CHAT, Group.PROTOCOL, "the DSCP differs");

  record Remarked(Leg across, int nearDscp, int farDscp) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return "DSCP "
          + DsField.dscpName(nearDscp)
          + " became "
          + DsField.dscpName(farDscp)
          + " "
          + across.between();
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across.facts().and("near_dscp", nearDscp).and("far_dscp", farDscp);
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(new Change("DSCP", DsField.dscpName(nearDscp), DsField.dscpName(farDscp)));
    }

    @Override
    public String nextStep() {
      return DscpChanged.nextStep(across);
    }
  }

  static String nextStep(Leg across) {
    return "look for the QoS policy "
        + across.between()
        + " that marks packets again, where the class matters";
  }

  /** The first segment of a mapping, and the number of its segments. */
  private static final class Seen {
    final int nearRow;
    final int farRow;
    int segments;

    Seen(int nearRow, int farRow) {
      this.nearRow = nearRow;
      this.farRow = farRow;
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (Passage passage : evidence.passages()) {
      if (passage.isDsFieldChanged()) {
        check(passage, findings);
      }
    }
    ChangedDatagrams.checkDscp(evidence, findings);
  }

  private static void check(Passage passage, Findings findings) {
    SegmentTable near = passage.near().table();
    SegmentTable far = passage.far().table();
    Map<Remarked, Seen> changes = new LinkedHashMap<>();
    Crossings.of(
        passage.pair(),
        passage.direction(),
        (nearRow, farRow, handshake) -> {
          int before = DsField.dscp(near.dsField(nearRow));
          int after = DsField.dscp(far.dsField(farRow));
          if (before != after) {
            changes.computeIfAbsent(
                    new Remarked(passage.leg(), before, after), change -> new Seen(nearRow, farRow))
                .segments++;
          }
        });
    changes.forEach(
        (change, seen) ->
            findings.add(
                change,
                passage
                    .occurrence(seen.nearRow, seen.farRow)
                    .with(Facts.of("segments", seen.segments))));
  }
}
