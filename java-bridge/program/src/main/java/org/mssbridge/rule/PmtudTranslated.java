package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.evidence.TranslatedTooBig;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TooBig;

/**
 * A "too big" message that a translator between IPv4 and IPv6 passes on (RFC 7915, 4.2 and 5.2).
 */
final class PmtudTranslated implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.translated",
          Severity.CHAT,
          Group.PROTOCOL,
          "ICMP \"too big\" is translated between IPv4 and IPv6");

  /** By how much an IPv6 header is longer than an IPv4 header. */
  private static final int HEADER_DIFFERENCE = 20;

  record Translated(
      Leg across, String nearSender, int nearMtuBytes, String farSender, int farMtuBytes)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    /** Whether the sender cannot make its packets small enough: IPv6 links carry 1280 bytes. */
    private boolean isUnreachable() {
      return farMtuBytes > 0
          && nearMtuBytes == IpFamily.IPV6.leastMtuBytes()
          && farMtuBytes + HEADER_DIFFERENCE < nearMtuBytes;
    }

    @Override
    public String message() {
      return String.format(
          "ICMP \"too big\" from %s with MTU %d at %s is translated to one from %s with MTU %d"
              + " at %s%s",
          farSender,
          farMtuBytes,
          across.far(),
          nearSender,
          nearMtuBytes,
          across.near(),
          isUnreachable()
              ? "; a sender that uses packets of 1280 bytes does not make them smaller, so they"
                  + " never fit"
              : "");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("near_sender", nearSender)
          .and("near_mtu_bytes", nearMtuBytes)
          .and("far_sender", farSender)
          .and("far_mtu_bytes", farMtuBytes);
    }

    @Override
    public String nextStep() {
      return isUnreachable()
          ? "let the translator send packets of up to 1280 bytes without DF (RFC 7915, section"
              + " 5.1), or clamp the MSS there to "
              + (farMtuBytes - IpFamily.IPV4.tcpIpBytes())
          : "";
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
        message
            .seen()
            .at(pair.farPoint(direction))
            .flatMap(far -> evidence.translation(pair.farPoint(direction), far))
            .filter(PmtudTranslated::isBetweenFamilies)
            .ifPresent(translated -> add(pair, direction, translated, findings));
      }
    }
  }

  static boolean isBetweenFamilies(TranslatedTooBig translated) {
    return translated.near().quotedSource().isIpv6() != translated.far().quotedSource().isIpv6();
  }

  private static void add(
      PairedConnection pair, Direction direction, TranslatedTooBig translated, Findings findings) {
    TooBig near = translated.near();
    TooBig far = translated.far();
    findings.add(
        new Translated(
            Legs.of(pair, direction), near.sender(), near.mtuBytes(), far.sender(), far.mtuBytes()),
        Occurrence.on(pair.id())
            .at(pair.farPoint(direction), far.frame())
            .at(pair.nearPoint(direction), near.frame()));
  }
}
