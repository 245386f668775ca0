package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.SmallTtls;
import org.mssbridge.evidence.TimeExceeded;
import org.mssbridge.evidence.TranslatedError;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/**
 * ICMP "time exceeded" about a known connection: its packets circle in a routing loop, or a
 * fragment of them never arrives (RFC 792; RFC 4443, section 3.3).
 */
final class PathTimeExceeded implements Rule {
  static final Kind KIND =
      new Kind(
          "path.time-exceeded",
          Severity.WARN,
          Group.RESPONSE,
          "ICMP says that a packet's TTL is used up or that a fragment is missing");

  /**
   * Connections whose packets meet the same fate at the same place.
   *
   * @param why what the messages mean
   * @param senders who sends them, as the last point saw them
   * @param last the point nearest to those that saw them
   * @param beyond the next point, where the packets do not arrive; empty where there is none
   * @param byReceiver whether the receiver of the packets itself sends the messages
   * @param outcome what comes of the connections
   * @param fragmentsLost whether the captures show that fragments are lost
   */
  record Exceeded(
      Direction inDirection,
      TimeExceeded.Why why,
      List<String> senders,
      CapturePoint last,
      Optional<CapturePoint> beyond,
      boolean byReceiver,
      TimeExceeded.Outcome outcome,
      boolean fragmentsLost)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    /** What the connection survives was an event of the path that is over. */
    @Override
    public Severity severity() {
      return outcome == TimeExceeded.Outcome.GOES_ON ? Severity.NOTE : KIND.severity();
    }

    @Override
    public String message() {
      String way = Words.way(inDirection);
      String who = String.join(" and ", senders);
      return switch (why) {
        case LOOP ->
            String.format(
                "routing loop %s: packets sent %s use up their whole TTL there, as %s %s with ICMP%s",
                where(), way, who, senders.size() == 1 ? "reports" : "report", end());
        case LOWERED ->
            String.format(
                "packets sent %s arrive at %s with a TTL too small for the rest of their way, and"
                    + " %s lets none of them pass%s",
                way, last, who, end());
        case SHORT ->
            String.format(
                "packets sent %s pass %s with a TTL too small for the rest of their way: it is used"
                    + " up %s, as %s %s with ICMP%s",
                way, last, where(), who, senders.size() == 1 ? "reports" : "report", end());
        case REASSEMBLY ->
            String.format(
                "fragments of packets sent %s are lost before they reach %s: it waits for them in"
                    + " vain and reports it with ICMP%s",
                way,
                byReceiver ? "the " + Words.sender(inDirection.reverse()) + " (" + who + ")" : who,
                end());
        case PROBE -> throw new IllegalStateException("a traceroute is no finding");
      };
    }

    private String end() {
      return switch (outcome) {
        case GOES_ON -> "; the connections go on afterwards";
        case UNANSWERED -> "; the connections are never answered";
        case ENDS -> "; nothing answers on these connections afterwards";
      };
    }

    private String where() {
      return beyond
          .map(far -> new Leg(inDirection, last, far).between())
          .orElseGet(() -> Words.behind(last, inDirection.reverse()));
    }

    @Override
    public Optional<Leg> leg() {
      return beyond.map(far -> new Leg(inDirection, last, far));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public List<Explanation> because() {
      return fragmentsLost
          ? List.of(new Explanation(PathFragmented.KIND, "fragments are lost on the way"))
          : List.of();
    }

    @Override
    public Facts facts() {
      return leg()
          .map(Leg::facts)
          .orElse(Facts.NONE)
          .and("reason", why.name().toLowerCase(Locale.ROOT))
          .and("senders", senders)
          .and("last_point", last.name())
          .and("by_receiver", byReceiver)
          .and("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      return why == TimeExceeded.Why.REASSEMBLY
          ? Optional.of(
              SecondCapture.near(inDirection.reverse(), "which of the fragments arrive there"))
          : Optional.empty();
    }

    @Override
    public String nextStep() {
      return switch (why) {
        case LOOP ->
            "compare the routes to the "
                + Words.sender(inDirection.reverse())
                + " on "
                + String.join(" and ", senders)
                + " and on their neighbours: two of them point at each other; traceroute shows the"
                + " addresses that repeat";
        case LOWERED ->
            "look for the device before "
                + last
                + " that sets the TTL of these packets, or for a sender that starts with too small"
                + " a TTL";
        case SHORT ->
            "look for what sets the TTL on the "
                + Words.sender(inDirection)
                + ": the application (IP_TTL; BGP starts with 1), or the system's default";
        case REASSEMBLY ->
            "look for a firewall that drops fragments on the way to "
                + String.join(" and ", senders)
                + "; clamp the MSS so that no packet has to be fragmented";
        case PROBE -> "";
      };
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    int probes = 0;
    SmallTtls ttls = new SmallTtls(evidence);
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (Direction direction : Direction.values()) {
        for (TimeExceeded exceeded : TimeExceeded.of(evidence, traced, direction)) {
          if (exceeded.why() == TimeExceeded.Why.PROBE) {
            if (exceeded.remainingTtl() >= 0 && ttls.isOne(traced, direction)) {
              report(evidence, exceeded.asShort(), findings);
            } else {
              probes++;
            }
          } else {
            report(evidence, exceeded, findings);
          }
        }
      }
    }
    if (probes > 0) {
      findings.checked(
          List.of(KIND),
          "routing loops",
          String.format(
              "routing loops: ICMP \"time exceeded\" on %s answers packets that were sent with a"
                  + " small TTL, as traceroute sends them",
              Words.count(probes, "connection")));
    }
  }

  private static void report(Evidence evidence, TimeExceeded exceeded, Findings findings) {
    CapturePoint last = exceeded.last();
    TracedConnection traced = exceeded.connection();
    Connection seen = traced.at().at(last).orElseThrow();
    Direction direction = exceeded.direction();
    String receiver = seen.flow(direction.reverse()).sender().address();
    Occurrence occurrence = Occurrence.on(traced.id());
    for (CapturePoint point : traced.at().points()) {
      occurrence = occurrence.at(point, exceeded.quotedFrames(point));
      occurrence = occurrence.at(point, exceeded.messageFrames(point));
    }
    Optional<TranslatedError> translated =
        IcmpTranslations.of(evidence, traced, direction, last, exceeded.messages().get(0).frame());
    findings.add(
        new Exceeded(
            direction,
            exceeded.why(),
            exceeded.senders(),
            last,
            exceeded.beyond(),
            exceeded.senders().equals(List.of(receiver)),
            exceeded.outcome(),
            exceeded.why() == TimeExceeded.Why.REASSEMBLY && exceeded.areFragmentsLost(evidence)),
        occurrence
            .saying(
                String.format(
                    "%s to %s: %s from %s%s%s",
                    seen.client(),
                    seen.server(),
                    exceeded.text(),
                    senders(exceeded),
                    exceeded.why() == TimeExceeded.Why.REASSEMBLY ? "" : ttls(exceeded),
                    translated.map(IcmpTranslations::text).orElse("")))
            .with(
                IcmpTranslations.facts(
                    Facts.of("messages", exceeded.messages().size())
                        .and("ttl", exceeded.remainingTtl())
                        .and("passes", exceeded.passes()),
                    translated)));
  }

  /** Who sends the messages, and how far each is from the last point. */
  private static String senders(TimeExceeded exceeded) {
    List<String> texts = new ArrayList<>();
    for (String sender : exceeded.senders()) {
      texts.add(sender + Words.distance(exceeded.messageTtl(sender), exceeded.last()));
    }
    return String.join(" and ", texts);
  }

  /** The TTL of the packets at each point, and how often they pass where they circle. */
  private static String ttls(TimeExceeded exceeded) {
    StringBuilder text = new StringBuilder();
    for (CapturePoint point : exceeded.connection().at().points()) {
      int ttl = exceeded.quotedTtl(point);
      if (ttl >= 0) {
        text.append(text.isEmpty() ? "; the TTL of the packets is " : ", ")
            .append(ttl + " at " + point);
      }
    }
    if (exceeded.passes() > 1) {
      text.append(
          String.format(
              "; one packet passes %s %s, each time with a smaller TTL",
              exceeded.last(), Words.count(exceeded.passes(), "time")));
    }
    return text.toString();
  }
}
