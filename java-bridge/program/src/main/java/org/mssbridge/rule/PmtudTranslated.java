package org.mssbridge.rule;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.evidence.TranslatedError;
import org.mssbridge.evidence.TranslatedTooBig;
import org.mssbridge.evidence.TranslatedTooBig.MtuCheck;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.IcmpCode;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TooBig;

/**
 * A "too big" message that a translator between IPv4 and IPv6 passes on, and whether type, code and
 * MTU are those that the standard asks for (RFC 7915, 4.2 and 5.2).
 */
final class PmtudTranslated implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.translated",
          Severity.CHAT,
          Group.PROTOCOL,
          "ICMP \"too big\" is translated between IPv4 and IPv6");

  /**
   * A message on both sides of a translator.
   *
   * @param toIpv6 whether the translator makes an ICMPv6 message of an ICMP one
   * @param rightMtuBytes the largest MTU that the RFC allows near, empty where it cannot be known
   */
  record Translated(
      Leg across,
      boolean toIpv6,
      String nearSender,
      int nearMtuBytes,
      String farSender,
      int farMtuBytes,
      OptionalInt rightMtuBytes,
      MtuCheck check)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public Severity severity() {
      return departs() || isUnreachable() ? Severity.WARN : KIND.severity();
    }

    private boolean departs() {
      return check == MtuCheck.TOO_LARGE || check == MtuCheck.BELOW_LEAST;
    }

    private String section() {
      return toIpv6 ? "4.2" : "5.2";
    }

    /** Whether the sender cannot make its packets small enough: IPv6 links carry 1280 bytes. */
    private boolean isUnreachable() {
      return toIpv6
          && farMtuBytes > 0
          && nearMtuBytes == IpFamily.IPV6.leastMtuBytes()
          && farMtuBytes + TranslatedTooBig.HEADER_DIFFERENCE_BYTES < nearMtuBytes;
    }

    @Override
    public String message() {
      return String.format(
          "ICMP \"too big\" from %s with %s at %s is translated to one from %s with %s at %s%s%s",
          farSender,
          mtu(farMtuBytes),
          across.far(),
          nearSender,
          mtu(nearMtuBytes),
          across.near(),
          judgement(),
          isUnreachable()
              ? "; a sender that uses packets of 1280 bytes does not make them smaller, so they"
                  + " never fit"
              : "");
    }

    private static String mtu(int bytes) {
      return bytes > 0 ? "MTU " + bytes : "no MTU";
    }

    private String judgement() {
      String asked = "RFC 7915, section " + section() + ", ";
      return switch (check) {
        case EXACT -> ", as " + asked + "asks";
        case SMALLER ->
            ", less than the "
                + rightMtuBytes.orElseThrow()
                + " of "
                + asked
                + "which is right only if a link next to the translator has that MTU";
        case TOO_LARGE ->
            ", but "
                + asked
                + "allows "
                + rightMtuBytes.orElseThrow()
                + " at most: larger packets"
                + " are refused again";
        case BELOW_LEAST ->
            ", but " + asked + "allows no less than " + IpFamily.IPV6.leastMtuBytes();
        case UNKNOWN -> "";
      };
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      IcmpCode far = toIpv6 ? IcmpCode.FRAGMENTATION_NEEDED : IcmpCode.PACKET_TOO_BIG;
      IcmpCode near = toIpv6 ? IcmpCode.PACKET_TOO_BIG : IcmpCode.FRAGMENTATION_NEEDED;
      return across
          .facts()
          .and("near_sender", nearSender)
          .and("near_icmp", near.word())
          .and("near_mtu_bytes", nearMtuBytes)
          .and("far_sender", farSender)
          .and("far_icmp", far.word())
          .and("far_mtu_bytes", farMtuBytes)
          .and("rfc7915_mtu_bytes", rightMtuBytes)
          .and("rfc7915_mtu", check.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    @Override
    public String nextStep() {
      if (isUnreachable()) {
        return "let the translator send packets of up to 1280 bytes without DF (RFC 7915, section"
            + " 5.1), or clamp the MSS there to "
            + (farMtuBytes - IpFamily.IPV4.tcpIpBytes());
      }
      return departs()
          ? "update the translator "
              + across.between()
              + ", or clamp the MSS there: it reports a wrong MTU"
          : "";
    }
  }

  /**
   * A "too big" message of which a translator makes another kind of error, or the reverse.
   *
   * @param far what comes in, such as {@code ICMP fragmentation needed (3/4)}
   * @param near what the translator makes of it
   * @param judgement what the RFC asks for
   * @param facts types and codes
   */
  record Mistaken(Leg across, String far, String near, String judgement, Facts facts)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public Severity severity() {
      return Severity.WARN;
    }

    @Override
    public String message() {
      return String.format(
          "%s at %s is translated to %s at %s, %s",
          far, across.far(), near, across.near(), judgement);
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public String nextStep() {
      return "update the translator "
          + across.between()
          + ", or clamp the MSS there: the sender does not learn the MTU";
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
            .filter(TranslatedTooBig::isBetweenFamilies)
            .ifPresent(translated -> add(pair, direction, translated, findings));
      }
      if (!evidence.tooBigs(pair.id()).isEmpty()) {
        for (Direction direction : Direction.values()) {
          addMistaken(evidence, pair, direction, findings);
        }
      }
    }
  }

  private static void add(
      PairedConnection pair, Direction direction, TranslatedTooBig translated, Findings findings) {
    TooBig near = translated.near();
    TooBig far = translated.far();
    findings.add(
        of(translated, Legs.of(pair, direction)),
        Occurrence.on(pair.id())
            .at(pair.farPoint(direction), far.frame())
            .at(pair.nearPoint(direction), near.frame())
            .saying(
                translated.isQuoteTranslated().orElse(true)
                    ? ""
                    : quoted(pair.farPoint(direction), far)
                        + " and "
                        + quoted(pair.nearPoint(direction), near)
                        + ", which differ by more than the headers (RFC 7915, sections 4.3 and"
                        + " 5.3)")
            .with(
                Facts.NONE
                    .and("far_quoted_packet_bytes", far.quotedIpBytes())
                    .and("near_quoted_packet_bytes", near.quotedIpBytes())
                    .and(
                        "rfc7915_quote",
                        translated
                            .isQuoteTranslated()
                            .map(follows -> follows ? "translated" : "wrong")
                            .orElse("unknown"))));
  }

  /** Whether the translated message does not let the sender make packets that fit. */
  static boolean isFault(TranslatedTooBig translated, Leg across) {
    return of(translated, across).severity().compareTo(Severity.WARN) >= 0;
  }

  private static Translated of(TranslatedTooBig translated, Leg across) {
    TooBig near = translated.near();
    TooBig far = translated.far();
    return new Translated(
        across,
        near.quotedSource().isIpv6(),
        near.sender(),
        near.mtuBytes(),
        far.sender(),
        far.mtuBytes(),
        translated.expectedMtuBytes(),
        translated.mtuCheck());
  }

  private static String quoted(CapturePoint point, TooBig message) {
    return String.format(
        "the message at %s quotes a packet of %d bytes",
        point, message.quotedIpBytes().orElseThrow());
  }

  private static void addMistaken(
      Evidence evidence, PairedConnection pair, Direction direction, Findings findings) {
    for (TranslatedError translated : TranslatedError.of(evidence, pair, direction)) {
      boolean nearTooBig = isTooBig(translated.near());
      if (nearTooBig != isTooBig(translated.far())) {
        Leg across = Legs.of(pair, direction);
        findings.add(
            new Mistaken(
                across,
                translated.far().withNumbers(),
                translated.near().withNumbers(),
                translated.judgement(),
                IcmpTranslations.facts(across.facts(), Optional.of(translated))),
            Occurrence.on(pair.id())
                .at(translated.farPoint(), translated.far().frame())
                .at(translated.nearPoint(), translated.near().frame()));
      }
    }
  }

  private static boolean isTooBig(TranslatedError.IcmpError error) {
    return error.icmp().equals(IcmpCode.PACKET_TOO_BIG)
        || error.icmp().equals(IcmpCode.FRAGMENTATION_NEEDED);
  }
}
