package org.mssbridge.rule;

import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.Reach;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

/**
 * SYN/ACKs that nothing answers and that the next point towards the client does not have, where
 * nothing shows that they should pass it: {@link PathLostControl} has those that are surely lost.
 *
 * @param across the leg that they do not cross, as far as is known
 * @param once whether the server sent one and did not repeat it
 * @param covered whether the far capture covers their time: then they are lost, or take another way
 */
record UnseenSynAcks(Leg across, boolean once, boolean covered) implements Finding {
  @Override
  public Kind kind() {
    return ConnectionUnanswered.KIND;
  }

  @Override
  public Severity severity() {
    return HalfOpen.severity(once);
  }

  @Override
  public String message() {
    return String.format(
        "SYN/ACKs at %s are never answered, and none of them is at %s: %s",
        across.near(),
        across.far(),
        covered
            ? "they are lost " + across.between() + " or take another way to the client"
            : "the capture there holds no packet of that time and cannot show whether they arrive");
  }

  @Override
  public Optional<Leg> leg() {
    return Optional.of(across);
  }

  @Override
  public Facts facts() {
    return across
        .facts()
        .and("point", across.near().name())
        .and("fault", "unknown")
        .and("answered_in_the_end", false)
        .and("far_capture_covers_it", covered);
  }

  @Override
  public Optional<SecondCapture> secondCapture() {
    return covered
        ? Optional.empty()
        : Optional.of(
            SecondCapture.again(across.far(), Direction.C2S, "whether the SYN/ACKs arrive there"));
  }

  @Override
  public String nextStep() {
    return covered
        ? "look for what drops SYN/ACKs "
            + across.between()
            + ", and for another way from the server to these clients; forged addresses (a SYN"
            + " flood) look the same"
        : "capture at " + across.far() + " for longer, to see whether the SYN/ACKs arrive there";
  }

  static void check(Evidence evidence, Findings findings) {
    for (Passage passage : evidence.passages()) {
      if (passage.direction() == Direction.S2C
          && passage.far().firstRow() < 0
          && evidence.lostControl(passage).frames().isEmpty()) {
        check(evidence, passage, findings);
      }
    }
  }

  private static void check(Evidence evidence, Passage passage, Findings findings) {
    PairedConnection pair = passage.pair();
    Connection seen = pair.near(Direction.S2C);
    if (!HalfOpen.is(seen)) {
      return;
    }
    HalfOpen half = HalfOpen.of(seen);
    if (half.isUnanswered(pair.nearCapture(Direction.S2C))) {
      findings.add(
          new UnseenSynAcks(
              passage.leg(),
              half.isOnce(),
              Reach.coversFar(pair, Direction.S2C, half.firstNanos())),
          half.occurrence(evidence.comparison().connections().get(pair.id()), passage.nearPoint()));
    }
  }
}
