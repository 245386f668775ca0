package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.SackSpace;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/**
 * SACK blocks (RFC 2018) that were not translated although the ISN was rewritten: they cover bytes
 * that the sender never sent, so it ignores them or drops the segment.
 */
final class SackUntranslated implements Rule {
  static final Kind KIND =
      new Kind(
          "sack.untranslated",
          Severity.ERROR,
          Group.SEQUENCE,
          "SACK edges are not shifted with the sequence numbers");

  /**
   * The blocks at one of the two points of a leg.
   *
   * @param across the leg of the segments that carry the blocks
   * @param point the point where the blocks use the other point's numbers
   */
  record Untranslated(Leg across, CapturePoint point) implements Finding {
    private CapturePoint peer() {
      return point.equals(across.near()) ? across.far() : across.near();
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "SACK blocks sent %s are at %s in the sequence numbers of %s: the ISN was rewritten and"
              + " they were not",
          across.direction().label(), point, peer());
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across.facts().and("point", point.name()).and("edges_in_numbers_of", peer().name());
    }

    @Override
    public String nextStep() {
      return "let the device that rewrites the ISN translate SACK, or switch either off there: the"
          + " sender retransmits what has arrived, or drops such ACKs";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (Passage passage : evidence.passages()) {
      if (passage.pair().isnDelta(passage.direction().reverse()).orElse(0) != 0) {
        check(evidence, passage, passage.nearPoint(), passage.farPoint(), findings);
        check(evidence, passage, passage.farPoint(), passage.nearPoint(), findings);
      }
    }
    checked(evidence, findings);
  }

  private static void check(
      Evidence evidence,
      Passage passage,
      CapturePoint point,
      CapturePoint peer,
      Findings findings) {
    Direction carrying = passage.direction();
    SackSpace atPoint = evidence.sackSpace(passage.pair(), point, carrying);
    if (atPoint.other() == 0) {
      return;
    }
    SackSpace atPeer = evidence.sackSpace(passage.pair(), peer, carrying);
    SegmentTable table = passage.pair().at(point).flow(carrying).table();
    findings.add(
        new Untranslated(passage.leg(), point),
        passage
            .occurrence()
            .at(point, table.frame(atPoint.firstForeignRow()))
            .with(
                Facts.of("blocks_in_own_numbers", atPoint.own())
                    .and("blocks_in_other_numbers", atPoint.other())
                    .and("blocks_unclear", atPoint.unclear())
                    .and("blocks_in_neither", atPoint.neither())
                    .and("blocks_in_own_numbers_at_" + peer.name(), atPeer.own())));
  }

  private static void checked(Evidence evidence, Findings findings) {
    int translated = 0;
    for (PairedConnection pair : evidence.passedPairs()) {
      Optional<Boolean> answer = evidence.isSackTranslated(pair);
      if (answer.isPresent() && !answer.get()) {
        return;
      }
      translated += answer.isPresent() ? 1 : 0;
    }
    if (translated > 0) {
      findings.checked(
          "untranslated SACK",
          "SACK edges are translated with the rewritten sequence numbers" + Words.on(translated));
    }
  }
}
