package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Segments that passed the near point once and the far point more than once. */
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
          "%s that arrive %s %s, made %s",
          Words.part(segments, arrived, "data segment"),
          across.direction().words(),
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
      return PathDuplicated.nextStep(across);
    }
  }

  static String nextStep(Leg across) {
    return "look for a loop, a redundant link that sends both copies, or flooding "
        + across.between();
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    evidence.passagesByLeg().forEach((leg, passages) -> check(leg, passages, findings));
    DuplicatedDatagrams.check(evidence, findings);
  }

  private static void check(Leg leg, List<Passage> passages, Findings findings) {
    List<Occurrence> occurrences = new ArrayList<>();
    long arrived = 0;
    for (Passage passage : passages) {
      arrived += passage.alignment().far().size();
      for (int index : passage.alignment().duplicated()) {
        occurrences.add(occurrence(passage, index));
      }
    }
    findings.add(new Duplicated(leg, occurrences.size(), arrived), occurrences);
  }

  private static Occurrence occurrence(Passage passage, int index) {
    Alignment.Sightings far = passage.alignment().far();
    SegmentTable table = passage.far().table();
    int row = far.row()[index];
    return passage
        .occurrence()
        .at(passage.farPoint(), table.frame(row))
        .saying("a second copy of a segment that passed " + passage.nearPoint() + " once")
        .with(
            Facts.of("segment_bytes", table.payloadBytes(row))
                .and("relative_sequence", far.start()[index]));
  }
}
