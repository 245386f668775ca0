package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Wording;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/**
 * An initial sequence number that differs between the points (RFC 6528 gives the reason for it).
 */
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
    public boolean describesMiddlebox() {
      return true;
    }

    @Override
    public Facts facts() {
      return across.facts();
    }

    @Override
    public String nextStep() {
      return "when you compare by hand, use relative sequence numbers; check that the device also"
          + " translates SACK";
    }
  }

  /**
   * A handshake with another ISN at the other point; there may be two for each connection.
   *
   * @param delta the lower 32 bits of {@link PairedConnection#isnDelta}
   */
  private record Shifted(int near, int far, int delta) implements Wording {
    @Override
    public String message() {
      return "ISN "
          + Integer.toUnsignedString(near)
          + " became "
          + Integer.toUnsignedString(far)
          + shifted(near, far);
    }

    @Override
    public Facts facts() {
      return IsnRewritten.facts(Integer.toUnsignedLong(delta));
    }
  }

  /**
   * The difference in the direction of the data; a delta is the server's side minus the client's.
   */
  private static int towards(Direction direction, long delta) {
    return (int) (direction == Direction.C2S ? delta : -delta);
  }

  private static String shifted(int near, int far) {
    return " (shifted by " + Integer.toUnsignedString(far - near) + " modulo 2^32)";
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (Passage passage : evidence.passages()) {
      check(passage, findings);
    }
  }

  private static void check(Passage passage, Findings findings) {
    OptionalLong delta = passage.pair().isnDelta(passage.direction());
    if (delta.isEmpty() || delta.getAsLong() == 0) {
      return;
    }
    Occurrence occurrence =
        Handshakes.first(passage.pair(), passage.direction())
            .map(
                both ->
                    both.occurrence()
                        .saying(
                            new Shifted(
                                both.near().sequence(),
                                both.far().sequence(),
                                (int) delta.getAsLong())))
            .orElseGet(
                () ->
                    onFirstSegments(passage)
                        .saying(
                            "the same data has other sequence numbers"
                                + shifted(0, towards(passage.direction(), delta.getAsLong())))
                        .with(facts(delta.getAsLong())));
    findings.add(new Rewritten(passage.leg()), occurrence);
  }

  private static Facts facts(long delta) {
    return Facts.of("isn_delta", delta);
  }

  /** On the first segment at each point; a capture may hold the other direction only. */
  private static Occurrence onFirstSegments(Passage passage) {
    Occurrence occurrence = passage.occurrence();
    int near = passage.near().firstRow();
    int far = passage.far().firstRow();
    if (near >= 0) {
      occurrence = occurrence.at(passage.nearPoint(), passage.near().table().frame(near));
    }
    return far < 0
        ? occurrence
        : occurrence.at(passage.farPoint(), passage.far().table().frame(far));
  }
}
