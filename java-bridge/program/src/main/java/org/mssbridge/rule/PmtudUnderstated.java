package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.SizeLimit;
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
      int largestCrossedBytes)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    /** What surely crosses; 0 where nothing is known. */
    private int limitBytes() {
      return largestCrossedBytes < smallestRefusedBytes ? largestCrossedBytes : 0;
    }

    @Override
    public String message() {
      return String.format(
          "%s reports an MTU of %d and refuses packets of %d bytes as well: this MTU does not"
              + " pass%s",
          sender,
          mtuBytes,
          smallestRefusedBytes,
          limitBytes() > 0
              ? "; the largest packet that crossed has " + limitBytes() + " bytes"
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
          .and("largest_crossed_packet_bytes", limitBytes());
    }

    @Override
    public String nextStep() {
      int mssBytes = limitBytes() - family.tcpIpBytes();
      return "correct the MTU of the link or tunnel behind "
          + sender
          + (mssBytes > 0
              ? "; until then clamp the MSS to "
                  + mssBytes
                  + ", for packets of the size that crossed, or find the true limit between "
                  + limitBytes()
                  + " and "
                  + smallestRefusedBytes
                  + " with pings that set DF"
              : "; find the true limit below "
                  + smallestRefusedBytes
                  + " with pings that set DF, and clamp the MSS to it until then");
    }
  }

  /** What the messages of one sender about one direction have in common. */
  private record Key(
      Direction direction, Optional<Leg> leg, IpFamily family, String sender, int mtuBytes) {}

  /** The messages of one key in all connections. */
  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    int smallestRefusedBytes = Integer.MAX_VALUE;
    int largestCrossedBytes;
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
        if (message.refusesItsMtu() && evidence.isUnderstated(message)) {
          add(evidence, message, tallies);
        }
      }
    }
    tallies.forEach(
        (key, tally) ->
            findings.add(
                new Understated(
                    key.direction(),
                    key.leg(),
                    key.family(),
                    key.sender(),
                    key.mtuBytes(),
                    tally.smallestRefusedBytes,
                    tally.largestCrossedBytes),
                tally.occurrences));
  }

  private static void add(Evidence evidence, TooBigMessage message, Map<Key, Tally> tallies) {
    Optional<Leg> leg = evidence.legOf(message);
    Key key =
        new Key(
            message.direction(),
            leg,
            IpFamily.of(message.any().quotedSource().isIpv6()),
            message.any().sender(),
            message.any().mtuBytes());
    Tally tally = tallies.get(key);
    int refusedBytes = message.quote().packet().orElseThrow().ipBytes();
    if (tally == null) {
      tally = new Tally();
      tallies.put(key, tally);
    }
    tally.smallestRefusedBytes = Math.min(tally.smallestRefusedBytes, refusedBytes);
    if (leg.isPresent()) {
      for (PairedConnection pair : message.connection().pairs()) {
        if (pair.nearPoint(message.direction()).equals(leg.get().near())) {
          tally.largestCrossedBytes =
              Math.max(
                  tally.largestCrossedBytes,
                  SizeLimit.largestCrossedPacketBytes(pair, message.direction()));
        }
      }
    }
    tally.occurrences.add(
        message
            .occurrence()
            .saying("the packet that it refuses has " + refusedBytes + " bytes")
            .with(Facts.of("sent_packet_bytes", refusedBytes)));
  }
}
