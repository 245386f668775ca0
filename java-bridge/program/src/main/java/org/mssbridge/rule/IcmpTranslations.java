package org.mssbridge.rule;

import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.TranslatedError;
import org.mssbridge.finding.Facts;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IcmpCode;

/** What rules say of ICMP errors that a translator between IPv4 and IPv6 passes on. */
final class IcmpTranslations {
  private IcmpTranslations() {}

  /** The translation that has a message of a point as its original or as its product. */
  static Optional<TranslatedError> of(
      Evidence evidence,
      TracedConnection traced,
      Direction direction,
      CapturePoint point,
      int frame) {
    return TranslatedError.of(evidence, traced, direction).stream()
        .filter(
            translated ->
                (translated.farPoint().equals(point) && translated.far().frame() == frame)
                    || (translated.nearPoint().equals(point) && translated.near().frame() == frame))
        .findFirst();
  }

  /** Such as {@code ; it is ICMPv6 port unreachable (1/4) at client, as RFC 7915 … asks}. */
  static String text(TranslatedError translated) {
    return String.format(
        "; %s becomes %s at %s, %s",
        translated.far().icmp(),
        translated.near().withNumbers(),
        translated.nearPoint(),
        translated.judgement());
  }

  /** Adds types and codes of both sides, and whether they are what the standard asks for. */
  static Facts facts(Facts facts, Optional<TranslatedError> found) {
    return found
        .map(
            translated ->
                facts
                    .and("far_icmp", translated.far().icmp().word())
                    .and("near_icmp", translated.near().icmp().word())
                    .and(
                        "rfc7915_icmp", translated.expected().map(IcmpCode::word).orElse("dropped"))
                    .and("rfc7915_follows", translated.follows()))
        .orElse(facts);
  }
}
