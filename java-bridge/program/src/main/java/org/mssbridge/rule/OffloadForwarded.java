package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.FittingRefusal;
import org.mssbridge.evidence.Quote;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** A router that joins segments on receipt and then refuses its own product as too big. */
final class OffloadForwarded implements Rule {
  static final Kind KIND =
      new Kind(
          "offload.forwarded",
          Severity.ERROR,
          Group.PROTOCOL,
          "a router joins segments and then refuses them as too big");

  record Joined(
      Direction inDirection,
      Optional<Leg> across,
      String sender,
      int mtuBytes,
      int largestSentBytes,
      int largestQuotedBytes,
      Optional<FittingRefusal> probably)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      if (probably.isPresent()) {
        return String.format(
            "%s probably joins packets and then refuses them as too big: it refuses %s of %d bytes,"
                + " which fit the MTU of %d that it reports, and lets others pass; %s lost with the"
                + " one that follows it",
            sender,
            Words.count(probably.get().refused(), "packet"),
            probably.get().smallestRefusedBytes(),
            mtuBytes,
            probably.get().followersLost().size() == probably.get().refused()
                ? "each is"
                : probably.get().followersLost().size() + " of them are");
      }
      return String.format(
          "%s joins packets and then refuses them as too big: it quotes packets of up to %d bytes"
              + " and reports an MTU of %d, but the largest that was sent has %d",
          sender, largestQuotedBytes, mtuBytes, largestSentBytes);
    }

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
          .and("largest_sent_packet_bytes", largestSentBytes)
          .and("largest_quoted_packet_bytes", largestQuotedBytes)
          .and("inferred", probably.isPresent());
    }

    @Override
    public List<Cause> causes() {
      return List.of(
          new Cause(
              "receive offload (LRO, or GRO in hardware) on a device that forwards",
              supporting(),
              probably.isPresent()
                  ? List.of("each quote has the length of one packet, not that of several")
                  : List.of(),
              "Linux kernel documentation, networking/segmentation-offloads"));
    }

    private List<String> supporting() {
      return probably
          .map(
              refusal ->
                  List.of(
                      String.format(
                          "%s of %d bytes or more cross meanwhile",
                          Words.count(refusal.asLargeCrossed(), "packet"),
                          refusal.smallestRefusedBytes()),
                      String.format(
                          "of %s the packet that carries on where it ends is lost as well, without a"
                              + " message of its own; %s lost otherwise",
                          refusal.followersLost().size() == refusal.refused()
                              ? "each refused packet"
                              : refusal.followersLost().size()
                                  + " of "
                                  + refusal.refused()
                                  + " refused packets",
                          refusal.otherLosses() == 0
                              ? "none is"
                              : refusal.otherLosses() == 1
                                  ? "1 is"
                                  : refusal.otherLosses() + " are")))
          .orElseGet(
              () ->
                  List.of(
                      String.format(
                          "each quote is exactly several packets that were sent, and each of these"
                              + " fits the MTU of %d",
                          mtuBytes)));
    }

    @Override
    public String nextStep() {
      return "turn off LRO and hardware GRO on the interfaces of "
          + sender
          + " (ethtool -K DEVICE lro off rx-gro-hw off), or on the host below it where it is a"
          + " virtual machine";
    }
  }

  /** What the messages of one sender about one direction have in common. */
  private record Key(
      Direction direction,
      Optional<Leg> leg,
      String sender,
      int mtuBytes,
      Optional<FittingRefusal> probably) {}

  /** The messages of one key in all connections. */
  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    int largestSentBytes;
    int largestQuotedBytes;

    void add(TooBigMessage message, Quote.Packet packet) {
      int quotedBytes = message.any().quotedIpBytes().orElse(0);
      largestSentBytes = Math.max(largestSentBytes, packet.ipBytes());
      largestQuotedBytes = Math.max(largestQuotedBytes, quotedBytes);
      occurrences.add(
          message
              .occurrence()
              .with(
                  Facts.of("quoted_ip_packet_bytes", quotedBytes)
                      .and("sent_packet_bytes", packet.ipBytes())
                      .and("sent_frames", packet.frames())));
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (TooBigMessage message : evidence.tooBigs(traced.id())) {
        Optional<FittingRefusal> probably = probably(evidence, message);
        if (message.refusesJoined() || probably.isPresent()) {
          Key key =
              new Key(
                  message.direction(),
                  evidence.legOf(message),
                  message.any().sender(),
                  message.any().mtuBytes(),
                  probably);
          tallies
              .computeIfAbsent(key, k -> new Tally())
              .add(message, message.quote().packet().orElseThrow());
        }
      }
    }
    tallies.forEach(
        (key, tally) ->
            findings.add(
                new Joined(
                    key.direction(),
                    key.leg(),
                    key.sender(),
                    key.mtuBytes(),
                    tally.largestSentBytes,
                    tally.largestQuotedBytes,
                    key.probably()),
                tally.occurrences));
  }

  /** What the sender of a message probably joins; empty where its quote tells. */
  static Optional<FittingRefusal> probably(Evidence evidence, TooBigMessage message) {
    return message.refusesItsMtu()
        ? evidence.fittingRefusal(message).filter(FittingRefusal::isProbablyJoining)
        : Optional.empty();
  }
}
