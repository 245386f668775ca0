package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.WrongChecksums;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/** TCP and IPv4 header checksums that are right at the near point and wrong at the far point. */
final class ChecksumWrong implements Rule {
  static final Kind KIND =
      new Kind(
          "checksum.wrong",
          Severity.ERROR,
          Group.PROTOCOL,
          "a device between the points leaves wrong checksums");

  /**
   * The wrong checksums of a leg.
   *
   * @param segments their number
   * @param withData those that carry data
   * @param right segments without data on these connections whose checksum is right at the far
   *     point
   * @param rightNear those whose checksum is right at the near point
   * @param acknowledged whether the receiver acknowledges any of the connections' segments
   */
  record Wrong(
      Leg across, int segments, int withData, int right, int rightNear, boolean acknowledged)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%s sent %s %s a wrong TCP checksum at %s%s: the receiver must drop %s",
          Words.count(segments, "segment"),
          Words.way(across.direction()),
          segments == 1 ? "has" : "have",
          across.far(),
          rightNear > 0 ? " and a right one at " + across.near() : "",
          segments == 1 ? "it" : "them");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("segments", segments)
          .and("segments_with_data", withData)
          .and("right_at_near", rightNear)
          .and("right_at_far", right);
    }

    @Override
    public List<Cause> causes() {
      List<String> supporting = new ArrayList<>();
      List<String> against = new ArrayList<>();
      if (rightNear > 0) {
        supporting.add(
            String.format(
                "%s without data %s a right checksum at %s, so that capture is not before checksum"
                    + " offload",
                Words.count(rightNear, "segment"), rightNear == 1 ? "has" : "have", across.near()));
      } else {
        against.add(
            "the checksums at "
                + across.near()
                + " are incomplete (TX checksum offload): the sender's network card may fill in"
                + " wrong ones");
      }
      if (right > 0) {
        against.add(
            String.format(
                "%s of the same connections %s right at %s",
                Words.count(right, "segment"), right == 1 ? "is" : "are", across.far()));
      }
      (acknowledged ? against : supporting)
          .add(
              acknowledged
                  ? "the receiver acknowledges segments of these connections"
                  : "the receiver answers none of these connections");
      return List.of(
          new Cause(
              "a device that changes packets and does not update the TCP checksum",
              supporting,
              against,
              "RFC 9293, section 3.1 (checksum); RFC 3022, section 4.1 (its adjustment)"));
    }

    @Override
    public String nextStep() {
      return "find the device "
          + across.between()
          + " that changes these packets (NAT, an MSS clamp, an option filter) and update it or turn"
          + " off its hardware offload; netstat -s or nstat (TcpInCsumErrors) on the receiver counts"
          + " what it drops";
    }
  }

  /** Connections whose checksums at the near point offload hides are a finding of their own. */
  private record Key(Leg leg, boolean isRightNear) {}

  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    int withData;
    int right;
    int rightNear;
    boolean acknowledged;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    WrongHeaders.check(evidence, findings);
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    Map<Leg, Integer> incomplete = new LinkedHashMap<>();
    for (Passage passage : evidence.passages()) {
      WrongChecksums found = evidence.wrongChecksums(passage.pair(), passage.direction());
      if (found.incomplete()) {
        incomplete.merge(passage.leg(), 1, Integer::sum);
      }
      if (!found.wrong().isEmpty()) {
        add(
            tallies.computeIfAbsent(
                new Key(passage.leg(), found.rightNear() > 0), key -> new Tally()),
            passage,
            found);
      }
    }
    tallies.forEach(
        (key, tally) ->
            findings.add(
                new Wrong(
                    key.leg(),
                    tally.occurrences.size(),
                    tally.withData,
                    tally.right,
                    tally.rightNear,
                    tally.acknowledged),
                tally.occurrences));
    incomplete.forEach(
        (leg, connections) ->
            findings.checked(
                "wrong checksums",
                String.format(
                    "no wrong checksum %s: those at %s are incomplete and those at %s right, since"
                        + " the sender's network card fills them in (TX checksum offload)%s",
                    Words.way(leg.direction()), leg.near(), leg.far(), Words.on(connections))));
  }

  private static void add(Tally tally, Passage passage, WrongChecksums found) {
    tally.right += found.right();
    tally.rightNear += found.rightNear();
    tally.acknowledged |= passage.pair().farFlow(passage.direction().reverse()).segments() > 0;
    for (WrongChecksums.Wrong one : found.wrong()) {
      tally.withData += one.hasData() ? 1 : 0;
      SegmentTable far = passage.far().table();
      tally.occurrences.add(
          passage
              .occurrence(one.nearRow(), one.farRow())
              .saying(
                  what(far, one)
                      + " at "
                      + passage.farPoint()
                      + " has a wrong checksum"
                      + (one.hasData() ? ", and is never acknowledged" : "")));
    }
  }

  private static String what(SegmentTable far, WrongChecksums.Wrong one) {
    int flags = far.flags(one.farRow());
    if (one.hasData()) {
      return "a segment of " + far.payloadBytes(one.farRow()) + " bytes";
    }
    return TcpFlags.isSyn(flags)
        ? "the SYN"
        : TcpFlags.isSynAck(flags)
            ? "the SYN/ACK"
            : (flags & TcpFlags.RST) != 0
                ? "a RST"
                : (flags & TcpFlags.FIN) != 0 ? "a FIN" : "an ACK";
  }
}
