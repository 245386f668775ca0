package org.mssbridge.rule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Grounds;
import org.mssbridge.evidence.Legs;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Sequence numbers whose shift between the points changes within a connection. */
final class IsnDeltaChanged implements Rule {
  static final Kind KIND =
      new Kind(
          "isn.delta-changed",
          Severity.NOTE,
          Group.SEQUENCE,
          "the shift of the sequence numbers is only piecewise constant");

  /**
   * @param forwarded what speaks for and against forwarding, as by a gateway and not by a proxy, on
   *     the first such connection
   */
  record Changed(Leg across, Grounds forwarded) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return "the stream sent "
          + across.direction().words()
          + " becomes longer or shorter "
          + across.between()
          + ": payload is rewritten, and sequence numbers are shifted from there on";
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
    public List<Cause> causes() {
      return List.of(
          new Cause(
              "an application level gateway (FTP, SIP, HTTP) that writes other addresses or names"
                  + " into the payload",
              forwarded.supporting(),
              forwarded.against(),
              "RFC 2663, section 2.9"));
    }

    @Override
    public String nextStep() {
      return "compare the payload before that place at both points; switch the gateway off (FTP, SIP"
          + " helpers) where it is not needed";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Leg, Changed> changed = new HashMap<>();
    for (PairedConnection pair : evidence.pairs()) {
      for (Direction direction : Direction.values()) {
        for (Alignment.LengthChange change : pair.alignment(direction).lengthChanges()) {
          Changed finding =
              changed.computeIfAbsent(
                  Legs.of(pair, direction),
                  leg -> new Changed(leg, evidence.middleboxGrounds(pair).proxy().reversed()));
          findings.add(finding, occurrence(pair, direction, change));
        }
      }
    }
  }

  private static Occurrence occurrence(
      PairedConnection pair, Direction direction, Alignment.LengthChange change) {
    return Occurrence.on(pair.id())
        .at(pair.nearPoint(direction), pair.nearFlow(direction).table().frame(change.nearRow()))
        .saying(
            String.format(
                "from relative sequence number %d on the numbers at %s are %d %s",
                change.nearPosition(),
                pair.farPoint(direction),
                Math.abs(change.bytes()),
                change.bytes() > 0 ? "higher than before" : "lower than before"))
        .with(
            Facts.of("relative_sequence", change.nearPosition())
                .and("shift_bytes", change.bytes()));
  }
}
