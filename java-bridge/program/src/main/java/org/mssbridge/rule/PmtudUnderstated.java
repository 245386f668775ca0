package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.FittingRefusal;
import org.mssbridge.evidence.TooBigMessage;
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

/** A device that refuses packets of the MTU that it reports itself. */
final class PmtudUnderstated implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.understated",
          Severity.ERROR,
          Group.PROTOCOL,
          "a router refuses packets that fit the MTU that it reports");

  record Understated(
      Direction inDirection,
      Optional<Leg> across,
      IpFamily family,
      String sender,
      int mtuBytes,
      int smallestRefusedBytes,
      int largestSmallerBytes,
      boolean asLargeCross,
      boolean crossedAtOtherTimes)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      if (asLargeCross) {
        return String.format(
            "%s refuses some packets of %d bytes and lets others pass, although all fit the MTU of"
                + " %d that it reports",
            sender, smallestRefusedBytes, mtuBytes);
      }
      return String.format(
          "%s reports an MTU of %d and refuses packets of %d bytes as well: this MTU does not"
              + " pass%s%s",
          sender,
          mtuBytes,
          smallestRefusedBytes,
          crossedAtOtherTimes ? " then, though packets as large cross at other times" : "",
          largestSmallerBytes > 0
              ? "; the largest smaller packet that crossed has " + largestSmallerBytes + " bytes"
              : "");
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
          .and("smallest_refused_packet_bytes", smallestRefusedBytes)
          .and("largest_crossed_packet_bytes", largestSmallerBytes)
          .and("as_large_cross", asLargeCross);
    }

    @Override
    public String nextStep() {
      if (asLargeCross) {
        return "find what the packets have in common that "
            + sender
            + " refuses: it may join packets when it receives them (LRO, GRO; see ethtool -k), or"
            + " send them into links with different MTUs";
      }
      int mssBytes = largestSmallerBytes - family.tcpIpBytes();
      return "correct the MTU of the link or tunnel behind "
          + sender
          + "; find the true limit "
          + (largestSmallerBytes > 0
              ? "between " + largestSmallerBytes + " and " + smallestRefusedBytes
              : "below " + smallestRefusedBytes)
          + " with pings that set DF, and clamp the MSS to it"
          + (mssBytes >= family.defaultMssBytes()
              ? "; until then " + mssBytes + ", for packets of the size that crossed"
              : "");
    }
  }

  /** What the messages of one sender about one direction have in common. */
  private record Key(
      Direction direction,
      Optional<Leg> leg,
      IpFamily family,
      String sender,
      int mtuBytes,
      FittingRefusal refusal) {}

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Key, List<Occurrence>> occurrences = new LinkedHashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (TooBigMessage message : evidence.tooBigs(traced.id())) {
        if (message.refusesItsMtu()) {
          evidence
              .fittingRefusal(message)
              .filter(refusal -> !refusal.isProbablyJoining()) // It says more.
              .ifPresent(
                  refusal ->
                      occurrences
                          .computeIfAbsent(
                              key(evidence, message, refusal), key -> new ArrayList<>())
                          .add(occurrence(message)));
        }
      }
    }
    occurrences.forEach(
        (key, some) ->
            findings.add(
                new Understated(
                    key.direction(),
                    key.leg(),
                    key.family(),
                    key.sender(),
                    key.mtuBytes(),
                    key.refusal().smallestRefusedBytes(),
                    key.refusal().largestSmallerBytes(),
                    key.refusal().isSelective(),
                    key.refusal().crossedAtOtherTimes()),
                some));
  }

  private static Key key(Evidence evidence, TooBigMessage message, FittingRefusal refusal) {
    return new Key(
        message.direction(),
        evidence.legOf(message),
        IpFamily.of(message.any().quotedSource().isIpv6()),
        message.any().sender(),
        message.any().mtuBytes(),
        refusal);
  }

  private static Occurrence occurrence(TooBigMessage message) {
    int refusedBytes = message.quote().packet().orElseThrow().ipBytes();
    return message
        .occurrence()
        .saying("the packet that it refuses has " + refusedBytes + " bytes")
        .with(Facts.of("sent_packet_bytes", refusedBytes));
  }
}
