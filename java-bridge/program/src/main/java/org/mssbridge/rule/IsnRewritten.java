package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.Legs;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** An initial sequence number that differs between the points (RFC 6528 is why devices do that). */
final class IsnRewritten implements Rule {
  static final Kind KIND =
      new Kind("isn.rewritten", Severity.NOTE, Group.SEQUENCE, "the ISN differs between points");

  record Rewritten(Leg across) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return "the initial sequence number is rewritten " + across.between();
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across.facts();
    }

    @Override
    public String nextStep() {
      return "compare relative sequence numbers only; check that SACK is translated as well";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PairedConnection pair : evidence.pairs()) {
      if (!evidence.middlebox(pair).endsConnections()) {
        for (Direction direction : Direction.values()) {
          check(pair, direction, findings);
        }
      }
    }
  }

  private static void check(PairedConnection pair, Direction direction, Findings findings) {
    OptionalLong delta = pair.isnDelta(direction);
    if (delta.isEmpty() || delta.getAsLong() == 0) {
      return;
    }
    Facts facts = Facts.of("isn_delta", delta.getAsLong());
    Occurrence occurrence =
        Handshakes.first(pair, direction)
            .map(
                both ->
                    both.occurrence()
                        .saying(
                            String.format(
                                "ISN %d became %d (shifted by %d modulo 2^32)",
                                both.near().sequence() & 0xffff_ffffL,
                                both.far().sequence() & 0xffff_ffffL,
                                (both.far().sequence() - both.near().sequence()) & 0xffff_ffffL)))
            .orElse(Occurrence.on(pair.id()));
    findings.add(new Rewritten(Legs.of(pair, direction)), occurrence.with(facts));
  }
}
