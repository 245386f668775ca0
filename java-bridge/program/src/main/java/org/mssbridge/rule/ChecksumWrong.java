package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
import org.mssbridge.model.ChecksumState;
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
   * @param near whether those at the near point are right
   * @param segments their number
   * @param withData those that carry data
   * @param damaged those whose data changed while their checksum did not
   * @param again those that repeat data which arrived damaged before
   * @param replaced those of which another copy arrives that is not wrong
   * @param right segments on these connections whose checksum is right at the far point
   * @param rightNear segments whose checksum is right at the near point
   * @param answered whether the receiver sends anything on these connections
   */
  record Wrong(
      Leg across,
      ChecksumState near,
      int segments,
      int withData,
      int damaged,
      int again,
      int replaced,
      int right,
      int rightNear,
      boolean answered)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      String what = Words.count(segments, "segment") + " sent " + Words.way(across.direction());
      String dropped = ": the receiver must drop " + (segments == 1 ? "it" : "them");
      if (damaged == segments) {
        return String.format(
            "%s %s damaged at %s: %s data no longer fit the TCP checksum, so the receiver must drop"
                + " %s",
            what,
            segments == 1 ? "arrives" : "arrive",
            across.far(),
            segments == 1 ? "its" : "their",
            segments == 1 ? "it" : "them");
      }
      return String.format(
          "%s %s a wrong TCP checksum at %s%s%s",
          what,
          segments == 1 ? "has" : "have",
          across.far(),
          near == ChecksumState.RIGHT ? " and a correct one at " + across.near() : "",
          dropped);
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
          .and("segments_damaged", damaged)
          .and("segments_damaged_again", again)
          .and("segments_replaced", replaced)
          .and("right_at_near", rightNear)
          .and("right_at_far", right);
    }

    @Override
    public List<Cause> causes() {
      List<Cause> causes = new ArrayList<>();
      if (damaged > 0) {
        causes.add(damage());
      }
      if (damaged < segments || again > 0) {
        causes.add(again > 0 ? 0 : causes.size(), staleChecksum());
      }
      return causes;
    }

    private Cause damage() {
      List<String> supporting = new ArrayList<>();
      List<String> against = new ArrayList<>();
      supporting.add(
          String.format(
              "%d of %d %s the checksum that the data at %s need: only the data changed",
              damaged, segments, damaged == 1 ? "has" : "have", across.near()));
      if (replaced > 0) {
        supporting.add(
            String.format(
                "%d of %d %s sent again and then %s undamaged",
                replaced,
                segments,
                replaced == 1 ? "is" : "are",
                replaced == 1 ? "arrives" : "arrive"));
      }
      if (again > 0) {
        against.add(repeats());
      }
      (right > 0 ? supporting : against)
          .add(
              String.format(
                  "%s of the same connections %s right at %s",
                  right == 0 ? "no segment" : Words.count(right, "segment"),
                  right < 2 ? "is" : "are",
                  across.far()));
      addNear(supporting, against);
      return new Cause(
          "a device that damages data: faulty memory, a faulty line card or bus",
          supporting,
          against,
          "J. Stone, C. Partridge, When the CRC and TCP checksum disagree, SIGCOMM 2000");
    }

    private Cause staleChecksum() {
      List<String> supporting = new ArrayList<>();
      List<String> against = new ArrayList<>();
      if (again > 0) {
        supporting.add(repeats());
      }
      addNear(supporting, against);
      if (right > 0) {
        against.add(
            String.format(
                "%s of the same connections %s right at %s",
                Words.count(right, "segment"), right == 1 ? "is" : "are", across.far()));
      }
      (answered ? against : supporting)
          .add(
              answered
                  ? "the receiver acknowledges segments of these connections"
                  : "the receiver answers none of these connections");
      return new Cause(
          "a device that changes packets and does not update the TCP checksum",
          supporting,
          against,
          "RFC 9293, section 3.1 (checksum); RFC 3022, section 4.1 (its adjustment)");
    }

    private String repeats() {
      return String.format(
          "%d of %d %s data that arrived damaged before",
          again, segments, again == 1 ? "repeats" : "repeat");
    }

    private void addNear(List<String> supporting, List<String> against) {
      switch (near) {
        case RIGHT ->
            supporting.add(
                String.format(
                    "%s %s a right checksum at %s, so that capture is not before checksum offload",
                    Words.count(rightNear, "segment"),
                    rightNear == 1 ? "has" : "have",
                    across.near()));
        case UNKNOWN ->
            against.add(
                String.format(
                    "the capture at %s cuts these packets, so they may be wrong there already",
                    across.near()));
        default ->
            against.add(
                "the checksums at "
                    + across.near()
                    + " are incomplete (TX checksum offload): the sender's network card may fill in"
                    + " wrong ones");
      }
    }

    @Override
    public String nextStep() {
      String counted =
          "; netstat -s or nstat (TcpInCsumErrors) on the receiver counts what it drops";
      return damaged == segments && again == 0
          ? "capture at one more point "
              + across.between()
              + " to find the device that damages packets, and replace its memory, line card or"
              + " module"
              + counted
          : "find the device "
              + across.between()
              + " that changes these packets (NAT, an MSS clamp, a gateway, an option filter) and update it or"
              + " turn off its hardware offload"
              + counted;
    }
  }

  /** Connections whose checksums at the near point are not known are a finding of their own. */
  private record Key(Leg leg, ChecksumState near) {}

  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    int withData;
    int damaged;
    int again;
    int replaced;
    int right;
    int rightNear;
    boolean answered;
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
      found.wrong().stream()
          .collect(
              Collectors.groupingBy(WrongChecksums.Wrong::near, TreeMap::new, Collectors.toList()))
          .forEach(
              (near, wrong) ->
                  add(
                      tallies.computeIfAbsent(new Key(passage.leg(), near), key -> new Tally()),
                      passage,
                      found,
                      wrong));
    }
    tallies.forEach(
        (key, tally) ->
            findings.add(
                new Wrong(
                    key.leg(),
                    key.near(),
                    tally.occurrences.size(),
                    tally.withData,
                    tally.damaged,
                    tally.again,
                    tally.replaced,
                    tally.right,
                    tally.rightNear,
                    tally.answered),
                tally.occurrences));
    incomplete.forEach(
        (leg, connections) ->
            findings.checked(
                List.of(KIND),
                "wrong checksums",
                String.format(
                    "no wrong checksum %s: those at %s are incomplete and those at %s right, since"
                        + " the sender's network card fills them in (TX checksum offload)%s",
                    Words.way(leg.direction()), leg.near(), leg.far(), Words.on(connections))));
  }

  private static void add(
      Tally tally, Passage passage, WrongChecksums found, List<WrongChecksums.Wrong> wrong) {
    tally.right += found.right();
    tally.rightNear += found.rightNear();
    tally.answered |= passage.pair().farFlow(passage.direction().reverse()).segments() > 0;
    Set<Integer> damaged = new HashSet<>();
    for (WrongChecksums.Wrong one : wrong) {
      int sequence = passage.near().table().sequence(one.nearRow());
      tally.again += one.isDamaged() && !damaged.add(sequence) ? 1 : 0;
      tally.withData += one.hasData() ? 1 : 0;
      tally.damaged += one.isDamaged() ? 1 : 0;
      tally.replaced += one.isReplaced() ? 1 : 0;
      SegmentTable far = passage.far().table();
      tally.occurrences.add(
          passage
              .occurrence(one.nearRow(), one.farRow())
              .saying(what(far, one) + " at " + passage.farPoint() + fate(one)));
    }
  }

  private static String fate(WrongChecksums.Wrong one) {
    return (one.isDamaged()
            ? " is damaged: its data no longer fit its checksum"
            : " has a wrong checksum")
        + (one.isReplaced()
            ? "; another copy arrives"
            : one.hasData() ? ", and is never acknowledged" : "");
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
