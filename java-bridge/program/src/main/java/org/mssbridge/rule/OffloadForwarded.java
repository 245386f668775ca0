package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
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
      int largestQuotedBytes)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
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
          .and("largest_quoted_packet_bytes", largestQuotedBytes);
    }

    @Override
    public List<Cause> causes() {
      return List.of(
          new Cause(
              "receive offload (LRO, or GRO in hardware) on a device that forwards",
              List.of(
                  String.format(
                      "each quote is exactly several packets that were sent, and each of these"
                          + " fits the MTU of %d",
                      mtuBytes)),
              List.of(),
              "Linux kernel documentation, networking/segmentation-offloads"));
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
  private record Key(Direction direction, Optional<Leg> leg, String sender, int mtuBytes) {}

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
        if (message.refusesJoined()) {
          Key key =
              new Key(
                  message.direction(),
                  evidence.legOf(message),
                  message.any().sender(),
                  message.any().mtuBytes());
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
                    tally.largestQuotedBytes),
                tally.occurrences));
  }
}
