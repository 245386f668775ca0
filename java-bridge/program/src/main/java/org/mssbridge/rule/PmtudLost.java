package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TooBig;

/** An ICMP "too big" message to the sender that a point nearer the sender did not see. */
final class PmtudLost implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.lost",
          Severity.ERROR,
          Group.RESPONSE,
          "ICMP \"too big\" was lost on its way back");

  record Lost(Leg across, String sender, int mtuBytes) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "ICMP from %s with %s is seen at %s and never reaches %s, where its receiver is",
          sender, mtuBytes > 0 ? "MTU " + mtuBytes : "no MTU", across.far(), across.near());
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across.facts().and("sender", sender).and("mtu_bytes", mtuBytes);
    }

    @Override
    public String nextStep() {
      return "let ICMP type 3 code 4 (ICMPv6 type 2) pass the devices "
          + across.between()
          + ", also through NAT, or clamp the MSS there";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PairedConnection pair : evidence.pairs()) {
      for (TooBigMessage message : evidence.tooBigs(pair.id())) {
        Direction direction = message.direction();
        Optional<TooBig> far = message.seen().at(pair.farPoint(direction));
        boolean arrived = message.seen().at(pair.nearPoint(direction)).isPresent();
        if (far.isPresent()
            && !arrived
            && !PmtudBogus.isBogus(message)
            && evidence.translation(pair.farPoint(direction), far.get()).isEmpty()
            && covers(pair, direction, far.get())) {
          findings.add(
              new Lost(Legs.of(pair, direction), far.get().sender(), far.get().mtuBytes()),
              Occurrence.on(pair.id()).at(pair.farPoint(direction), far.get().frame()));
        }
      }
    }
  }

  /** Whether the near capture was running when the message should have passed. */
  private static boolean covers(PairedConnection pair, Direction direction, TooBig message) {
    long expectedNanos = message.timeNanos() - pair.alignment(direction).delay().typicalNanos();
    return pair.nearCapture(direction).coverage().contains(expectedNanos);
  }
}
