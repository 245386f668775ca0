package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.knowledge.KnowledgeRow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TooBig;

/** A router's report that a segment is too big (RFC 1191, section 4; RFC 8201, section 4). */
final class PmtudTooBig implements Rule {
  static final Kind KIND =
      new Kind("pmtud.too-big", Severity.WARN, Group.RESPONSE, "ICMP says a segment was too big");

  record Reported(
      Direction inDirection,
      Optional<Leg> across,
      boolean ipv6,
      String sender,
      int mtuBytes,
      int mssBytes,
      int initialTtl,
      List<String> points,
      List<Cause> causes)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%s from %s at %s: %s%s",
          ipv6 ? "ICMPv6 \"packet too big\"" : "ICMP \"fragmentation needed\"",
          sender,
          String.join(" and ", points),
          mtuBytes > 0
              ? "MTU " + mtuBytes + ", so MSS " + mssBytes
              : "no MTU, as old routers do (RFC 1191, section 5)",
          initialTtl > 0 ? "; its TTL shows an initial TTL of " + initialTtl : "");
    }

    /**
     * The leg that contains the link with the small MTU; empty where that link is beyond all
     * points.
     */
    @Override
    public Optional<Leg> leg() {
      return across;
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return across
          .map(Leg::facts)
          .orElse(Facts.NONE)
          .and("sender", sender)
          .and("mtu_bytes", mtuBytes)
          .and("mss_bytes", mssBytes)
          .and("initial_ttl", initialTtl)
          .and("seen_at", points);
    }

    @Override
    public String nextStep() {
      return "look at the link behind "
          + sender
          + ": a tunnel or another MTU"
          + (mtuBytes > 0
              ? "; let MSS clamps on the path leave room for " + mtuBytes + " bytes"
              : "");
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (TooBigMessage message : evidence.tooBigs(traced.id())) {
        report(message, evidence, findings);
      }
    }
  }

  private static void report(TooBigMessage message, Evidence evidence, Findings findings) {
    TooBig any = message.any();
    Occurrence occurrence = Occurrence.on(message.connection().id());
    for (CapturePoint point : message.seen().points()) {
      occurrence = occurrence.at(point, message.seen().at(point).orElseThrow().frame());
    }
    Facts own = Facts.of("ttl", any.ttl());
    own = own.and("quoted_ip_packet_bytes", any.quotedIpBytes());
    findings.add(
        new Reported(
            message.direction(),
            leg(message, evidence),
            any.quotedSource().isIpv6(),
            any.sender(),
            any.mtuBytes(),
            any.mssBytes(),
            any.initialTtl(),
            message.seen().points().stream().map(CapturePoint::name).toList(),
            causes(any, evidence)),
        occurrence.with(own));
  }

  private static Optional<Leg> leg(TooBigMessage message, Evidence evidence) {
    CapturePoint near = evidence.lastPointBefore(message);
    return message.connection().pairs().stream()
        .filter(pair -> pair.nearPoint(message.direction()).equals(near))
        .map(pair -> Legs.of(pair, message.direction()))
        .findFirst();
  }

  private static List<Cause> causes(TooBig message, Evidence evidence) {
    IpFamily family = message.quotedSource().isIpv6() ? IpFamily.IPV6 : IpFamily.IPV4;
    List<Cause> causes = new ArrayList<>(evidence.causes().ofPathMtu(message.mtuBytes(), family));
    List<KnowledgeRow> stacks = evidence.knowledge().byInitialTtl(message.initialTtl());
    if (message.ttl() >= 0 && !stacks.isEmpty()) {
      causes.add(
          new Cause(
              "hint at the sender's stack: "
                  + stacks.stream().map(KnowledgeRow::title).collect(Collectors.joining(", ")),
              List.of("TTL " + message.ttl() + " is below " + message.initialTtl()),
              List.of(),
              stacks.get(0).source()));
    }
    return causes;
  }
}
