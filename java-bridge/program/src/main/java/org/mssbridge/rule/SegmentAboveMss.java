package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.SegmentSizes;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.Group;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;

/**
 * Segments larger than the MSS. Most were never on the wire: a capture on the sending host shows
 * them before the network card cuts them, one on the receiving host after it joined them. Only a
 * segment with this size at both points was really sent.
 */
final class SegmentAboveMss implements Rule {
  static final Kind VIOLATED =
      new Kind(
          "mss.violated",
          Severity.ERROR,
          Group.PROTOCOL,
          "a segment above the announced MSS is on the wire");
  static final Kind SEGMENTATION =
      new Kind(
          "offload.segmentation",
          Severity.CHAT,
          Group.SEQUENCE,
          "the capture was taken before the sending host cut its segments");
  static final Kind RECEIVE =
      new Kind(
          "offload.receive",
          Severity.CHAT,
          Group.SEQUENCE,
          "the capture was taken after the receiving host joined segments");

  /**
   * Larger packets at both points are from offload on both hosts: Ethernet without jumbo frames
   * cannot carry them.
   */
  private static final int ETHERNET_MTU = 1500;

  /**
   * Segments above an MSS.
   *
   * @param raisedBytes the MSS that the sender received after a device raised it; 0 where it
   *     received the one that was announced, or where this is unknown
   */
  record Above(
      Kind kind, Leg across, int mssBytes, int raisedBytes, int largestBytes, int largestOtherBytes)
      implements Finding {
    @Override
    public List<Explanation> because() {
      return raisedBytes == 0
          ? List.of()
          : List.of(
              new Explanation(
                  MssChanged.RAISED,
                  "the sender received MSS " + raisedBytes + ", which it honours"));
    }

    @Override
    public String message() {
      return switch (kind.code()) {
        case "mss.violated" ->
            String.format(
                "segments of up to %d bytes cross from %s to %s, above the announced MSS %d",
                largestBytes, across.near(), across.far(), mssBytes);
        case "offload.segmentation" ->
            String.format(
                "segments of up to %d bytes, above MSS %d, in the capture at %s: it was taken on"
                    + " the sending host before its network card cut them; at %s the largest is"
                    + " %d%s",
                largestBytes,
                mssBytes,
                across.near(),
                across.far(),
                largestOtherBytes,
                largestOtherBytes > mssBytes ? ", joined again there" : "");
        default ->
            String.format(
                "segments of up to %d bytes, above MSS %d, in the capture at %s: it was taken on"
                    + " the receiving host after they were joined; at %s the largest is %d%s",
                largestBytes,
                mssBytes,
                across.far(),
                across.near(),
                largestOtherBytes,
                largestOtherBytes > mssBytes ? ", not cut yet" : "");
      };
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("mss_bytes", mssBytes)
          .and("largest_segment_bytes", largestBytes)
          .and("largest_segment_at_other_point_bytes", largestOtherBytes)
          .and("mss_violated", kind.equals(VIOLATED))
          .and(
              "mss_at_sender_bytes",
              raisedBytes == 0 ? OptionalInt.empty() : OptionalInt.of(raisedBytes));
    }

    @Override
    public String nextStep() {
      if (raisedBytes > 0) {
        return "";
      }
      return kind.equals(VIOLATED)
          ? "find out why the sender does not honour MSS "
              + mssBytes
              + "; if both captures come from hosts with offload, capture between them to be sure"
          : "no fault: for a capture of what is on the wire, capture on a mirror port or switch"
              + " offload off (ethtool -K DEVICE tso off gso off gro off lro off)";
    }
  }

  /** The segments of one kind, leg and limit in all connections. */
  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    int largestBytes;
    int largestOtherBytes;
  }

  private record Key(Kind kind, Leg leg, int mssBytes, int raisedBytes) {}

  @Override
  public List<Kind> kinds() {
    return List.of(VIOLATED, SEGMENTATION, RECEIVE);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    if (evidence.comparison().captures().size() == 1) {
      AboveMssAlone.check(evidence, findings);
      return;
    }
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    for (Passage passage : evidence.passages()) {
      Check check =
          new Check(passage, new SegmentSizes(passage.pair(), passage.direction()), tallies);
      if (isAbove(passage.near(), check.sizes().nearLimit())) {
        check.departures();
      }
      if (isAbove(passage.far(), check.sizes().farLimit())) {
        check.arrivals();
      }
    }
    evidence.passagesByLeg().forEach((leg, passages) -> checked(leg, passages, findings));
    tallies.forEach(
        (key, tally) -> {
          Above above =
              new Above(
                  key.kind(),
                  key.leg(),
                  key.mssBytes(),
                  key.raisedBytes(),
                  tally.largestBytes,
                  tally.largestOtherBytes);
          tally.occurrences.forEach(occurrence -> findings.add(above, occurrence));
        });
  }

  private static boolean isAbove(Flow flow, OptionalInt limit) {
    return limit.isPresent() && flow.largestPayloadBytes() > limit.getAsInt();
  }

  /** Notes that no limit is exceeded, with the connection that comes nearest to its limit. */
  private static void checked(Leg leg, List<Passage> passages, Findings findings) {
    int seen = 0;
    int largestBytes = 0;
    int limitBytes = 0;
    for (Passage passage : passages) {
      int largest = passage.far().largestPayloadBytes();
      OptionalInt limit = passage.pair().far(leg.direction()).mssLimit(leg.direction());
      if (largest == 0 || limit.isEmpty()) {
        continue;
      }
      if (largest > limit.getAsInt()) {
        return;
      }
      if (seen == 0 || limit.getAsInt() - largest < limitBytes - largestBytes) {
        largestBytes = largest;
        limitBytes = limit.getAsInt();
      }
      seen++;
    }
    if (seen > 0) {
      findings.checked(
          List.of(VIOLATED),
          "segments above the MSS",
          String.format(
              "MSS not violated %s at the receiver: largest segment at %s %d, limit %d%s",
              Words.way(leg.direction()), leg.far(), largestBytes, limitBytes, Words.on(seen)));
    }
  }

  private record Check(Passage passage, SegmentSizes sizes, Map<Key, Tally> tallies) {
    /** Checks for segments above the limit at the sender that arrive cut. */
    void departures() {
      Alignment.Sightings near = passage.alignment().near();
      for (int i = 0; i < near.size(); i++) {
        int bytes = sizes.nearBytes(i);
        boolean cut = near.peers()[i] > 0 && near.largestPeerBytes()[i] < bytes;
        if (sizes.isNearAboveLimit(i) && cut) {
          tally(SEGMENTATION, sizes.nearLimit().getAsInt(), bytes, near.largestPeerBytes()[i])
              .add(occurrence(near, i, true, bytes));
        }
      }
    }

    /** Checks for segments above the limit at the receiver: sent in that size, or joined there. */
    void arrivals() {
      Alignment.Sightings far = passage.alignment().far();
      int headerBytes = IpFamily.of(passage.pair().near(passage.direction()).isIpv6()).tcpIpBytes();
      for (int i = 0; i < far.size(); i++) {
        int bytes = sizes.farBytes(i);
        int peerBytes = far.largestPeerBytes()[i];
        if (!sizes.isFarAboveLimit(i) || far.peers()[i] == 0) {
          continue;
        }
        boolean whole = far.peers()[i] == 1 && peerBytes == bytes;
        if (whole && bytes + headerBytes <= ETHERNET_MTU) {
          whole(i, bytes);
        } else if (far.peers()[i] > 1 && peerBytes < bytes) {
          tally(RECEIVE, sizes.farLimit().getAsInt(), bytes, peerBytes)
              .add(occurrence(far, i, false, bytes));
        }
      }
    }

    /**
     * Judges a segment that has the same size at both points. What a host joins has an incomplete
     * checksum, or that of its first part: one that is complete, and not contradicted by the near
     * point, was on the wire. A capture that is not the receiving host's shows what arrives there.
     */
    private void whole(int index, int bytes) {
      Alignment.Sightings far = passage.alignment().far();
      int nearSum = passage.near().table().payloadSum(far.peerRow()[index]);
      int farSum = passage.far().table().payloadSum(far.row()[index]);
      boolean isOnWire = farSum >= 0 && (nearSum < 0 || nearSum == farSum || !isAtReceiver());
      if (isOnWire) {
        tally(VIOLATED, sizes.farLimit().getAsInt(), bytes, bytes)
            .add(occurrence(far, index, false, bytes));
        return;
      }
      if (farSum >= 0 || !isAtReceiver()) {
        return; // Nothing shows where it was joined, if it was.
      }
      tally(RECEIVE, sizes.farLimit().getAsInt(), bytes, bytes)
          .add(occurrence(far, index, false, bytes));
      if (nearSum < 0 && sizes.nearLimit().orElse(bytes) < bytes) {
        tally(SEGMENTATION, sizes.nearLimit().getAsInt(), bytes, bytes)
            .add(occurrence(far, index, false, bytes));
      }
    }

    /** Whether the far capture is the receiving host's own: no router lowered that host's TTL. */
    private boolean isAtReceiver() {
      return InitialTtl.is(
          passage.pair().far(passage.direction()).flow(passage.direction().reverse()).firstTtl());
    }

    private List<Occurrence> tally(Kind kind, int mssBytes, int bytes, int otherBytes) {
      int raised = kind.equals(VIOLATED) ? raisedBytes(mssBytes, bytes) : 0;
      Key key = new Key(kind, passage.leg(), mssBytes, raised);
      Tally tally = tallies.computeIfAbsent(key, k -> new Tally());
      tally.largestBytes = Math.max(tally.largestBytes, bytes);
      tally.largestOtherBytes = Math.max(tally.largestOtherBytes, otherBytes);
      return tally.occurrences;
    }

    /** The larger MSS that reached the sender and allows a segment; 0 where none did. */
    private int raisedBytes(int mssBytes, int bytes) {
      int atSender =
          passage.pair().near(passage.direction()).mssLimit(passage.direction()).orElse(0);
      return atSender > mssBytes && bytes <= atSender ? atSender : 0;
    }

    private Occurrence occurrence(
        Alignment.Sightings sightings, int index, boolean isNear, int bytes) {
      Occurrence near = passage.occurrence();
      return (isNear
              ? near.at(passage.nearPoint(), nearFrame(sightings.row()[index]))
                  .at(passage.farPoint(), farFrame(sightings.peerRow()[index]))
              : near.at(passage.farPoint(), farFrame(sightings.row()[index]))
                  .at(passage.nearPoint(), nearFrame(sightings.peerRow()[index])))
          .with(Facts.of("segment_bytes", bytes));
    }

    private int nearFrame(int row) {
      return passage.near().table().frame(row);
    }

    private int farFrame(int row) {
      return passage.far().table().frame(row);
    }
  }
}
