package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Segment;
import org.mssbridge.model.Severity;

/**
 * A SYN or SYN/ACK that is retransmitted with another MSS, as stacks do that suspect a black hole.
 * The sender changes it, not the path: each point is checked by itself.
 */
final class MssSynRetransmit implements Rule {
  static final Kind KIND =
      new Kind(
          "mss.syn-retransmit",
          Severity.NOTE,
          Group.PROTOCOL,
          "the MSS differs between transmissions of one SYN");

  record Retransmitted(
      CapturePoint point, Direction inDirection, String first, String later, int transmission)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "transmission %d of the %s has MSS %s at %s, the first had %s",
          transmission, Handshakes.name(inDirection), later, point, first);
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("transmission", transmission)
          .and("first_mss_bytes", first)
          .and("later_mss_bytes", later);
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(new Change("MSS", first, later));
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (CapturePoint point : traced.at().points()) {
        for (Direction direction : Direction.values()) {
          Flow flow = traced.at().at(point).orElseThrow().flow(direction);
          check(traced.id(), point, direction, flow.handshake(), findings);
        }
      }
    }
  }

  private static void check(
      int id, CapturePoint point, Direction direction, List<Segment> sent, Findings findings) {
    for (int i = 1; i < sent.size(); i++) {
      OptionalInt first = sent.get(0).options().mss();
      OptionalInt later = sent.get(i).options().mss();
      boolean known = sent.get(0).options().whole() && sent.get(i).options().whole();
      if (known && !later.equals(first)) {
        findings.add(
            new Retransmitted(point, direction, text(first), text(later), i + 1),
            Occurrence.on(id).at(point, sent.get(0).frame()).at(point, sent.get(i).frame()));
      }
    }
  }

  private static String text(OptionalInt mssBytes) {
    return mssBytes.isPresent() ? Integer.toString(mssBytes.getAsInt()) : "absent";
  }
}
