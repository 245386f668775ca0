package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.ForeignReset;
import org.mssbridge.evidence.ForeignReset.Reaction;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.InitialTtl;

/**
 * A RST with a TTL that is not its flow's, after which its sender goes on: what the point nearest
 * the sender shows by itself, where no other point can show an absence.
 */
final class RstProbablyInjected {
  /**
   * What RSTs of one finding have in common.
   *
   * @param initialTtl their TTL, where it is an initial one and the flow's is not
   * @param asFar whether their TTL can be an initial one that as many routers lowered as the flow's
   */
  record Probably(
      Direction inDirection,
      CapturePoint point,
      Reaction reaction,
      boolean otherIpId,
      boolean nextIpId,
      boolean expected,
      OptionalInt initialTtl,
      boolean asFar)
      implements Finding {
    @Override
    public Kind kind() {
      return RstInjected.KIND;
    }

    private String sender() {
      return Words.sender(inDirection);
    }

    private String receiver() {
      return Words.sender(inDirection.reverse());
    }

    @Override
    public String message() {
      return String.format(
          "a RST sent %s is probably injected by a device %s: its TTL is not the flow's%s, and the %s"
              + " goes on sending after it%s",
          Words.way(inDirection),
          Words.behind(point, inDirection),
          initialTtl.isPresent()
              ? " but " + initialTtl.getAsInt() + ", which no router has lowered"
              : "",
          sender(),
          switch (reaction) {
            case CHALLENGE, SURVIVES -> "; the connection survives it";
            case ENDS -> "; it ends the connection for the " + receiver();
            case UNKNOWN -> "";
          });
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("segment", "RST")
          .and("proof", "ttl")
          .and("other_ttl_than_flow", true)
          .and("initial_ttl", initialTtl.isPresent())
          .and("reaction", reaction.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public List<Cause> causes() {
      List<String> supporting = new ArrayList<>();
      List<String> against = new ArrayList<>();
      supporting.add("its TTL is not the flow's");
      supporting.add("the " + sender() + " goes on sending after it");
      initialTtl.ifPresent(
          ttl ->
              supporting.add(
                  String.format(
                      "its TTL, %d, is an initial one; the %s's packets pass routers before %s",
                      ttl, sender(), point)));
      if (asFar) {
        against.add(
            "its TTL fits a "
                + sender()
                + " that starts RSTs with another initial TTL than other packets");
      }
      if (otherIpId) {
        supporting.add("its IP ID does not continue that of the " + sender());
      }
      if (nextIpId) {
        against.add("its IP ID continues that of the " + sender());
      }
      if (!expected) {
        against.add(
            "its sequence number is not the one that the "
                + receiver()
                + " expects: its sender guesses, or is late");
      }
      return List.of(
          new Cause(
              "a firewall, intrusion prevention or censor that ends the connection",
              supporting,
              against,
              "RFC 3360"));
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      return Optional.of(
          SecondCapture.near(inDirection, "whether the " + sender() + " itself sends the RST"));
    }

    @Override
    public String nextStep() {
      return "look into the rules and logs of the devices "
          + Words.behind(point, inDirection)
          + " at that time";
    }
  }

  private RstProbablyInjected() {}

  static void check(Evidence evidence, Findings findings) {
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (Direction direction : Direction.values()) {
        CapturePoint point = Evidence.nearestSender(traced, direction);
        Connection seen = traced.at().at(point).orElseThrow();
        for (ForeignReset reset : of(evidence, seen, direction, point)) {
          report(traced, seen, direction, point, reset, findings);
        }
      }
    }
  }

  /** Those of a direction at a point, but for answers to what a NAT let pass untranslated. */
  static List<ForeignReset> of(
      Evidence evidence, Connection seen, Direction direction, CapturePoint point) {
    if (!seen.flow(direction).hasReset()) {
      return List.of();
    }
    SegmentTable table = seen.clientToServer().table();
    return ForeignReset.of(
            seen, direction, evidence.comparison().duplicates().at(point).orElseThrow())
        .stream()
        .filter(
            reset -> !evidence.comparison().answersWrongAddress(point, table.frame(reset.row())))
        .toList();
  }

  private static void report(
      TracedConnection traced,
      Connection seen,
      Direction direction,
      CapturePoint point,
      ForeignReset reset,
      Findings findings) {
    SegmentTable table = seen.clientToServer().table();
    Occurrence occurrence =
        Occurrence.on(traced.id())
            .at(point, table.frame(reset.row()))
            .at(point, table.frame(reset.laterRow()));
    if (reset.reactionRow() >= 0) {
      occurrence = occurrence.at(point, table.frame(reset.reactionRow()));
    }
    int ttl = table.ttl(reset.row());
    int flowTtl = table.ttl(reset.flowRow());
    findings.add(
        new Probably(
            direction,
            point,
            reset.reaction(),
            reset.isOtherIpId(),
            reset.isNextIpId(),
            reset.isExpected(),
            InitialTtl.is(ttl) && !InitialTtl.is(flowTtl)
                ? OptionalInt.of(ttl)
                : OptionalInt.empty(),
            InitialTtl.routers(ttl) == InitialTtl.routers(flowTtl)),
        occurrence
            .saying(
                String.format(
                    "%s to %s: the RST in frame %d has TTL %d, the flow's is %d; the %s goes on in"
                        + " frame %d%s%s",
                    seen.client(),
                    seen.server(),
                    table.frame(reset.row()),
                    ttl,
                    flowTtl,
                    Words.sender(direction),
                    table.frame(reset.laterRow()),
                    reset.sentNanos() < 0
                        ? ""
                        : String.format(
                            ", which acknowledges what passed %s before the RST (the %s takes %s or"
                                + " more to answer)",
                            Words.time(reset.sentNanos()),
                            Words.sender(direction),
                            Words.time(reset.answerNanos())),
                    reaction(direction, reset, table)))
            .with(
                Facts.of("ttl", ttl)
                    .and("flow_ttl", flowTtl)
                    .and("ip_id", table.ipId(reset.row()))
                    .and("flow_ip_id", table.ipId(reset.flowRow()))));
  }

  private static String reaction(Direction direction, ForeignReset reset, SegmentTable table) {
    String receiver = Words.sender(direction.reverse());
    return switch (reset.reaction()) {
      case CHALLENGE ->
          String.format(
              "; the %s answers it with a challenge ACK in frame %d and keeps the connection (RFC"
                  + " 5961, section 3.2)",
              receiver, table.frame(reset.reactionRow()));
      case SURVIVES ->
          String.format(
              "; the %s goes on too, in frame %d", receiver, table.frame(reset.reactionRow()));
      case ENDS ->
          String.format(
              "; the %s answers that with a RST in frame %d",
              receiver, table.frame(reset.reactionRow()));
      case UNKNOWN -> "";
    };
  }
}
