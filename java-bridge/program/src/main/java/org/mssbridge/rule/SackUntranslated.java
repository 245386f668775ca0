package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.SackSpace;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/**
 * SACK blocks (RFC 2018) that kept the numbers of one side although the ISN was rewritten: to the
 * sender they name bytes that it never sent, so it cannot use them or drops the segment.
 */
final class SackUntranslated implements Rule {
  static final Kind KIND =
      new Kind(
          "sack.untranslated",
          Severity.ERROR,
          Group.SEQUENCE,
          "SACK edges are not shifted with the sequence numbers");

  record Untranslated(Direction carrying, CapturePoint point, CapturePoint peer)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "SACK blocks sent %s are at %s in the sequence numbers of %s: the ISN was rewritten and"
              + " they were not",
          carrying.label(), point, peer);
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(carrying);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name()).and("edges_in_numbers_of", peer.name());
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
    for (PairedConnection pair : evidence.pairs()) {
      if (evidence.middlebox(pair).endsConnections()) {
        continue;
      }
      for (Direction carrying : Direction.values()) {
        if (pair.isnDelta(carrying.reverse()).orElse(0) != 0) {
          CapturePoint near = pair.nearPoint(carrying);
          CapturePoint far = pair.farPoint(carrying);
          SackSpace atNear = evidence.sackSpace(pair, near, carrying);
          SackSpace atFar = evidence.sackSpace(pair, far, carrying);
          check(pair, new Untranslated(carrying, near, far), atNear, atFar, findings);
          check(pair, new Untranslated(carrying, far, near), atFar, atNear, findings);
        }
      }
    }
  }

  private static void check(
      PairedConnection pair,
      Untranslated finding,
      SackSpace here,
      SackSpace there,
      Findings findings) {
    if (here.other() == 0) {
      return;
    }
    CapturePoint point = finding.point();
    SegmentTable table = pair.at(point).flow(finding.carrying()).table();
    findings.add(
        finding,
        Occurrence.on(pair.id())
            .at(point, table.frame(here.firstForeignRow()))
            .with(
                Facts.of("blocks_in_own_numbers", here.own())
                    .and("blocks_in_other_numbers", here.other())
                    .and("blocks_unclear", here.unclear())
                    .and("blocks_in_neither", here.neither())
                    .and("blocks_in_own_numbers_at_" + finding.peer().name(), there.own())));
  }

  /**
   * Whether SACK is translated on a connection whose ISN is rewritten; empty where that cannot be
   * known, since no ISN differs or no SACK block was seen.
   */
  static Optional<Boolean> isTranslated(Evidence evidence, PairedConnection pair) {
    boolean seen = false;
    for (Direction carrying : Direction.values()) {
      if (pair.isnDelta(carrying.reverse()).orElse(0) == 0) {
        continue;
      }
      for (CapturePoint point : List.of(pair.nearPoint(carrying), pair.farPoint(carrying))) {
        SackSpace space = evidence.sackSpace(pair, point, carrying);
        if (space.other() > 0) {
          return Optional.of(false);
        }
        seen |= space.own() > 0;
      }
    }
    return seen ? Optional.of(true) : Optional.empty();
  }
}
