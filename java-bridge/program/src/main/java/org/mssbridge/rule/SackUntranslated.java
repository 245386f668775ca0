package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.SackSpace;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Numbers;
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
   * @param sum of all connections
   */
  record Untranslated(Leg across, CapturePoint point, Sum sum) implements Finding {
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
          "the device %s rewrites sequence numbers but not the SACK blocks sent %s: at %s they still"
              + " use the numbers seen at %s",
          across.between(), Words.way(across.direction()), point, peer());
    }

    @Override
    public String impact() {
      return String.format(
          "%s of %s at %s %s untranslated%s",
          Numbers.grouped(sum.foreignBlocks()),
          Words.count(sum.blocks(), "SACK block"),
          point,
          sum.foreignBlocks() == 1 ? "is" : "are",
          sum.repeatedBytes() == 0 ? "" : "; " + repeated());
    }

    private String repeated() {
      String sender = Words.sender(across.direction().reverse());
      String bytes = Words.count(sum.repeatedBytes(), "byte");
      return sum.isMoreRepeatedThanLost()
          ? String.format(
              "the %s sends %s%s again",
              sender, bytes, Words.percent(sum.repeatedBytes(), sum.sentBytes()))
          : String.format("what the %s sends again (%s) was lost, so no harm shows", sender, bytes);
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("point", point.name())
          .and("edges_in_numbers_of", peer().name())
          .and("untranslated_blocks", sum.foreignBlocks())
          .and("blocks", sum.blocks())
          .and("repeated_bytes", sum.repeatedBytes())
          .and("sent_bytes", sum.sentBytes());
    }

    @Override
    public String nextStep() {
      return "turn on SACK translation on the device that rewrites the ISN, or turn off ISN"
          + " randomisation or SACK on it (until then the sender "
          + (sum.isMoreRepeatedThanLost() ? "sends" : "may send")
          + " again data that has already arrived)";
    }
  }

  /**
   * What connections with untranslated blocks have in all.
   *
   * @param sentBytes of the data that the blocks are about, with repetitions
   * @param lostBytes of that, what was lost on the leg
   */
  record Sum(long foreignBlocks, long blocks, long repeatedBytes, long sentBytes, long lostBytes) {
    static final Sum NONE = new Sum(0, 0, 0, 0, 0);

    /** Whether more is sent again than the leg lost: then data is repeated that had arrived. */
    boolean isMoreRepeatedThanLost() {
      return repeatedBytes > lostBytes;
    }

    Sum plus(SackSpace space, PairedConnection pair, Direction ofData) {
      Alignment.Sightings sent = pair.alignment(ofData).near();
      SegmentTable table = pair.nearFlow(ofData).table();
      long all = 0;
      long repeated = 0;
      long most = 0;
      for (int i = 0; i < sent.size(); i++) {
        long bytes = table.payloadBytes(sent.row()[i]);
        all += bytes;
        repeated += Math.max(0, Math.min(bytes, most - sent.start()[i]));
        most = Math.max(most, sent.start()[i] + bytes);
      }
      return new Sum(
          foreignBlocks + space.other(),
          blocks + space.own() + space.other() + space.unclear() + space.neither(),
          repeatedBytes + repeated,
          sentBytes + all,
          lostBytes + pair.alignment(ofData).lost().bytes());
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    evidence
        .passagesByLeg()
        .forEach(
            (leg, passages) -> {
              check(evidence, leg, passages, leg.near(), leg.far(), findings);
              check(evidence, leg, passages, leg.far(), leg.near(), findings);
            });
    checked(evidence, findings);
  }

  private static void check(
      Evidence evidence,
      Leg leg,
      List<Passage> passages,
      CapturePoint point,
      CapturePoint peer,
      Findings findings) {
    Sum sum = Sum.NONE;
    List<Occurrence> occurrences = new ArrayList<>();
    for (Passage passage : passages) {
      Direction carrying = passage.direction();
      if (passage.pair().isnDelta(carrying.reverse()).orElse(0) == 0) {
        continue;
      }
      SackSpace atPoint = evidence.sackSpace(passage.pair(), point, carrying);
      if (atPoint.other() > 0) {
        sum = sum.plus(atPoint, passage.pair(), carrying.reverse());
        SackSpace atPeer = evidence.sackSpace(passage.pair(), peer, carrying);
        occurrences.add(occurrence(passage, point, peer, atPoint, atPeer));
      }
    }
    findings.add(new Untranslated(leg, point, sum), occurrences);
  }

  private static Occurrence occurrence(
      Passage passage, CapturePoint point, CapturePoint peer, SackSpace atPoint, SackSpace atPeer) {
    SegmentTable table = passage.pair().at(point).flow(passage.direction()).table();
    return passage
        .occurrence()
        .at(point, atPoint.foreignRows().stream().map(table::frame).toList())
        .with(
            Facts.of("blocks_in_own_numbers", atPoint.own())
                .and("blocks_in_other_numbers", atPoint.other())
                .and("blocks_unclear", atPoint.unclear())
                .and("blocks_in_neither", atPoint.neither())
                .and("blocks_in_own_numbers_at_" + peer.name(), atPeer.own()));
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
          List.of(KIND),
          "untranslated SACK",
          "SACK edges are translated with the rewritten sequence numbers" + Words.on(translated));
    }
  }
}
