package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.Legs;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Segment;
import org.mssbridge.model.Severity;

/** An MSS clamp in one direction only: the data of one end is not limited. */
final class MssOneDirection implements Rule {
  static final Kind KIND =
      new Kind("mss.one-direction", Severity.NOTE, Group.PROTOCOL, "only one direction is clamped");

  record OneDirection(Leg clamped, int nearMssBytes, int farMssBytes, int otherMssBytes)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the MSS is clamped %s only, %d to %d; %s it stays %d",
          clamped.direction().words(),
          nearMssBytes,
          farMssBytes,
          clamped.direction().reverse().words(),
          otherMssBytes);
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(clamped);
    }

    @Override
    public Facts facts() {
      return clamped
          .facts()
          .and("near_mss_bytes", nearMssBytes)
          .and("far_mss_bytes", farMssBytes)
          .and("other_direction_mss_bytes", otherMssBytes);
    }

    @Override
    public boolean describesMiddlebox() {
      return true;
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(Change.of("MSS", nearMssBytes, farMssBytes));
    }

    @Override
    public String nextStep() {
      return "clamp both directions: the MSS that travels "
          + clamped.direction().reverse().words()
          + " limits what is sent "
          + clamped.direction().words();
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PairedConnection pair : evidence.passedPairs()) {
      Optional<Handshakes> syn = Handshakes.first(pair, Direction.C2S);
      Optional<Handshakes> synAck = Handshakes.first(pair, Direction.S2C);
      if (syn.isPresent() && synAck.isPresent()) {
        check(syn.get(), synAck.get(), findings);
        if (!MssChanged.isOfSynProxy(evidence, synAck.get())) {
          check(synAck.get(), syn.get(), findings);
        }
      }
    }
  }

  private static void check(Handshakes clamped, Handshakes other, Findings findings) {
    if (isClampedAlone(clamped, other)) {
      Leg leg = Legs.of(clamped.pair(), clamped.direction());
      findings.add(
          new OneDirection(leg, mss(clamped.near()), mss(clamped.far()), mss(other.near())),
          clamped
              .occurrence()
              .at(other.pair().nearPoint(other.direction()), other.near().frame())
              .at(other.pair().farPoint(other.direction()), other.far().frame()));
    }
  }

  /** Whether one direction is clamped and the other one, which needs it too, is not. */
  private static boolean isClampedAlone(Handshakes clamped, Handshakes other) {
    OptionalInt near = clamped.near().options().mss();
    OptionalInt far = clamped.far().options().mss();
    OptionalInt kept = other.near().options().mss();
    boolean isClamped = near.isPresent() && far.isPresent() && far.getAsInt() < near.getAsInt();
    // A clamp in both directions also keeps a value that is already below it.
    return isClamped
        && kept.isPresent()
        && kept.equals(other.far().options().mss())
        && kept.getAsInt() > far.getAsInt();
  }

  private static int mss(Segment segment) {
    return segment.options().mss().orElseThrow();
  }

  /** The MSS to which a direction of a connection is clamped alone; empty where it is not. */
  static OptionalInt clampedAlone(PairedConnection pair, Direction direction) {
    Optional<Handshakes> clamped = Handshakes.first(pair, direction);
    Optional<Handshakes> other = Handshakes.first(pair, direction.reverse());
    return clamped.isPresent() && other.isPresent() && isClampedAlone(clamped.get(), other.get())
        ? clamped.get().far().options().mss()
        : OptionalInt.empty();
  }
}
