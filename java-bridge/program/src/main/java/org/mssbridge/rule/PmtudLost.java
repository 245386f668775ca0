package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.finding.Explanation;
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

  /**
   * Messages that are lost on a leg.
   *
   * @param becomes the error of another kind that a translator makes of it; empty where it does not
   */
  record Lost(Leg across, String sender, int mtuBytes, Optional<String> becomes)
      implements Finding {
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
    public List<Explanation> because() {
      return becomes
          .map(
              near ->
                  List.of(
                      new Explanation(
                          PmtudTranslated.KIND, "a translator makes " + near + " of it")))
          .orElse(List.of());
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
    Map<Leg, List<TooBig>> undecided = new LinkedHashMap<>();
    for (PairedConnection pair : evidence.pairs()) {
      for (TooBigMessage message : evidence.tooBigs(pair.id())) {
        Direction direction = message.direction();
        TooBig far =
            PmtudBogus.isBogus(message) ? null : missing(evidence, pair, message).orElse(null);
        if (far != null && covers(pair, direction, far)) {
          findings.add(
              new Lost(
                  Legs.of(pair, direction),
                  far.sender(),
                  far.mtuBytes(),
                  IcmpTranslations.of(
                          evidence,
                          message.connection(),
                          direction,
                          pair.farPoint(direction),
                          far.frame())
                      .map(translated -> translated.near().withNumbers())),
              Occurrence.on(pair.id()).at(pair.farPoint(direction), far.frame()));
        } else if (far != null) {
          undecided.computeIfAbsent(Legs.of(pair, direction), leg -> new ArrayList<>()).add(far);
        }
      }
    }
    undecided.forEach((leg, messages) -> findings.unknown(unknown(leg, messages)));
  }

  private static String unknown(Leg leg, List<TooBig> messages) {
    boolean one = messages.size() == 1;
    return String.format(
        "%s at %s (frame %d%s) about packets sent %s: cannot tell whether %s %s, whose capture has"
            + " no packet of that time",
        Words.count(messages.size(), "ICMP \"too big\" message"),
        leg.far(),
        messages.get(0).frame(),
        one ? "" : " and others",
        Words.way(leg.direction()),
        one ? "it reaches" : "they reach",
        leg.near());
  }

  /** Whether a message is lost on a pair of points. */
  static boolean isLost(Evidence evidence, PairedConnection pair, TooBigMessage message) {
    return missing(evidence, pair, message)
        .filter(far -> covers(pair, message.direction(), far))
        .isPresent();
  }

  /** A message as the far point saw it, where the near point did not. */
  private static Optional<TooBig> missing(
      Evidence evidence, PairedConnection pair, TooBigMessage message) {
    Direction direction = message.direction();
    return message.seen().at(pair.nearPoint(direction)).isPresent()
        ? Optional.empty()
        : message
            .seen()
            .at(pair.farPoint(direction))
            .filter(far -> evidence.translation(pair.farPoint(direction), far).isEmpty());
  }

  /** Whether the near capture was running when the message should have passed. */
  private static boolean covers(PairedConnection pair, Direction direction, TooBig message) {
    long expectedNanos = message.timeNanos() - pair.delay(direction).typicalNanos();
    return pair.nearCapture(direction).coverage().contains(expectedNanos);
  }
}
