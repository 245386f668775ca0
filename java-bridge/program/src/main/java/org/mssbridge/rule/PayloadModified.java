package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.Shifts;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.PayloadSums;
import org.mssbridge.evidence.WrongChecksums;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** The same byte range with other bytes, found by payload sums derived from TCP checksums. */
final class PayloadModified implements Rule {
  static final Kind KIND =
      new Kind(
          "payload.modified",
          Severity.ERROR,
          Group.SECURITY,
          "bytes of the payload were changed between the points");

  /** Up to this many differences are reported; more only with as many segments that agree. */
  private static final int FEW = 4;

  /**
   * Changed data of a leg.
   *
   * @param fits whether they fit their TCP checksum, as far as that is known
   * @param isReplaced whether the packets that arrive come from nearer or farther than the flow's
   */
  record Modified(Leg across, boolean fits, boolean isReplaced) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      if (isReplaced) {
        return String.format(
            "payload sent %s is replaced %s: the packets that arrive have another TTL than the %s's"
                + " handshake, so a device probably sends them in its name",
            across.direction().words(), across.between(), Words.sender(across.direction()));
      }
      return "payload sent "
          + across.direction().words()
          + " is changed "
          + across.between()
          + (fits ? "" : " and no longer fits its TCP checksum, but the receiver acknowledges it");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across.facts().and("replaced", isReplaced);
    }

    @Override
    public String nextStep() {
      if (isReplaced) {
        return "compare the payload of these frames; look for a content filter, a block page or an"
            + " injector "
            + across.between();
      }
      if (!fits) {
        return "compare the payload of these frames with what the receiver stored; if that is damaged,"
            + " look for faulty memory "
            + across.between()
            + " and turn off receive checksum offload on the receiver (ethtool -K DEVICE rx off), so"
            + " that its kernel verifies the checksum";
      }
      return "compare the payload of these frames; look for an application level gateway, a content"
          + " filter or an injector "
          + across.between()
          + ", and for memory faults where single bits differ";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (Passage passage : evidence.passages()) {
      WrongChecksums checksums = evidence.wrongChecksums(passage.pair(), passage.direction());
      if (passage.isPayloadChanged()
          || passage.isResegmented()
          || !checksums.accepted().isEmpty()
          || passage.near().payloadDigest() != passage.far().payloadDigest()) {
        new Check(passage.pair(), passage.direction(), checksums).report(findings);
      }
    }
    ChangedDatagrams.checkContent(evidence, findings);
  }

  /** Compares one direction of one connection. */
  private static final class Check {
    private final PairedConnection pair;
    private final Direction direction;
    private final Side near;
    private final Side far;
    private final List<Occurrence> differing = new ArrayList<>();
    private final List<Occurrence> replaced = new ArrayList<>();
    private final Set<Long> changedEnds;

    /** Rows at the far point whose data are another finding's, or are told of already. */
    private final Set<Integer> judged = new HashSet<>();

    private final List<WrongChecksums.Wrong> accepted;
    private int agreeing;

    Check(PairedConnection pair, Direction direction, WrongChecksums checksums) {
      checksums.wrong().forEach(one -> judged.add(one.farRow()));
      checksums.accepted().forEach(one -> judged.add(one.farRow()));
      accepted = checksums.accepted();
      this.pair = pair;
      this.direction = direction;
      Alignment alignment = pair.alignment(direction);
      changedEnds = changedEnds(alignment.lengthChanges());
      near =
          new Side(
              alignment.near(),
              pair.nearFlow(direction).table(),
              pair.near(direction).mssLimit(direction));
      far =
          new Side(
              alignment.far(),
              pair.farFlow(direction).table(),
              pair.far(direction).mssLimit(direction));
    }

    void report(Findings findings) {
      boolean sums =
          PayloadSums.areUsable(pair.nearFlow(direction))
              && PayloadSums.areUsable(pair.farFlow(direction));
      for (int i = 0; i < near.size(); i++) {
        compare(i, sums);
      }
      for (int i = 0; i < far.size() && sums; i++) {
        if (far.sightings.peers()[i] > 1) {
          compareJoined(i);
        }
      }
      if (differing.size() + replaced.size() > Math.max(FEW, agreeing)) {
        differing.clear();
        replaced.clear();
      }
      Leg leg = Legs.of(pair, direction);
      differing.forEach(occurrence -> findings.add(new Modified(leg, true, false), occurrence));
      replaced.forEach(occurrence -> findings.add(new Modified(leg, true, true), occurrence));
      accepted.forEach(one -> findings.add(new Modified(leg, false, false), occurrence(one)));
    }

    private void compare(int i, boolean sums) {
      if (near.sightings.peers()[i] == 1) {
        int j = far.indexOf(near.sightings.peerRow()[i]);
        if (far.sightings.peers()[j] == 1
            && near.start(i) == far.start(j)
            && !judged.contains(far.row(j))) {
          compareOne(i, j, sums);
        }
      } else if (near.sightings.peers()[i] > 1 && sums) {
        int j = far.indexOf(near.sightings.peerRow()[i]);
        compareSums(near.sum(i), far.sumOf(j, near.row(i), near.bytes(i)), i, j);
      }
    }

    private void compareOne(int i, int j, boolean sums) {
      if (near.bytes(i) != far.bytes(j)) {
        // The stream continues with another shift right after it, so these bytes were changed.
        boolean changed = changedEnds.contains(near.start(i) + near.bytes(i));
        if (changed) {
          differ(i, j).add(occurrence(i, j, near.bytes(i) + " bytes became " + far.bytes(j)));
        }
      } else if (sums && near.sum(i) >= 0 && far.sum(j) >= 0) {
        compareSums(near.sum(i), far.sum(j), i, j);
      } else if (i == 0 && j == 0 && haveOtherDigest()) {
        differ(i, j).add(occurrence(i, j, "the first data differ"));
      }
    }

    /** Where near segments end right before the stream's length changes, after earlier changes. */
    private static Set<Long> changedEnds(List<Alignment.LengthChange> changes) {
      Shifts shifts = new Shifts(changes);
      return changes.stream()
          .map(change -> change.nearPosition() + shifts.before(change.nearPosition()))
          .collect(Collectors.toSet());
    }

    private boolean haveOtherDigest() {
      long sent = pair.nearFlow(direction).payloadDigest();
      long arrived = pair.farFlow(direction).payloadDigest();
      return sent != 0
          && arrived != 0
          && sent != arrived
          && pair.nearCapture(direction).extent().truncatedPackets() == 0
          && pair.farCapture(direction).extent().truncatedPackets() == 0;
    }

    private void compareJoined(int j) {
      int i = near.indexOf(far.sightings.peerRow()[j]);
      compareSums(near.sumOf(i, far.row(j), far.bytes(j)), far.sum(j), i, j);
    }

    private void compareSums(int sent, int arrived, int i, int j) {
      if (sent < 0 || arrived < 0) {
        return;
      }
      if (sent == arrived) {
        agreeing++;
      } else {
        differ(i, j)
            .add(
                occurrence(
                    i,
                    j,
                    String.format("the sum of its bytes is 0x%04x and was 0x%04x", arrived, sent)));
      }
    }

    private List<Occurrence> differ(int i, int j) {
      return isFromElsewhere(i, j) ? replaced : differing;
    }

    /** Whether the sender's own TTL is one, and the arrival's is not that of its handshake. */
    private boolean isFromElsewhere(int i, int j) {
      int sent = pair.nearFlow(direction).firstHandshakeRow();
      int arrived = pair.farFlow(direction).firstHandshakeRow();
      return sent >= 0
          && arrived >= 0
          && near.table.ttl(sent) == near.table.ttl(near.row(i))
          && far.table.ttl(arrived) != far.table.ttl(far.row(j));
    }

    private Occurrence occurrence(WrongChecksums.Wrong one) {
      return occurrence(
          near.indexOf(one.nearRow()),
          far.indexOf(one.farRow()),
          "it no longer fits its checksum, but the receiver acknowledges it");
    }

    private Occurrence occurrence(int i, int j, String how) {
      return Occurrence.on(pair.id())
          .at(pair.nearPoint(direction), near.table.frame(near.row(i)))
          .at(pair.farPoint(direction), far.table.frame(far.row(j)))
          .saying(
              "payload changed between "
                  + pair.nearPoint(direction)
                  + " and "
                  + pair.farPoint(direction)
                  + ": "
                  + how)
          .with(
              Facts.of("relative_sequence", near.start(i))
                  .and("near_bytes", near.bytes(i))
                  .and("far_bytes", far.bytes(j)));
    }
  }

  /** The segments at one point. */
  private static final class Side {
    final Alignment.Sightings sightings;
    final SegmentTable table;
    private final OptionalInt limit;

    Side(Alignment.Sightings sightings, SegmentTable table, OptionalInt limit) {
      this.sightings = sightings;
      this.table = table;
      this.limit = limit;
    }

    int size() {
      return sightings.size();
    }

    int row(int index) {
      return sightings.row()[index];
    }

    long start(int index) {
      return sightings.start()[index];
    }

    int bytes(int index) {
      return table.payloadBytes(row(index));
    }

    int indexOf(int row) {
      return Arrays.binarySearch(sightings.row(), row);
    }

    /** The payload sum of a segment, -1 where unknown. */
    int sum(int index) {
      return PayloadSums.of(table, row(index), limit);
    }

    /** The sum of consecutive segments that together are one segment at the other point, or -1. */
    int sumOf(int from, int peerRow, int wholeBytes) {
      int sum = 0;
      int bytes = 0;
      for (int i = from; i < size() && bytes < wholeBytes && sum >= 0; i++) {
        boolean isPart =
            sightings.peers()[i] == 1
                && sightings.peerRow()[i] == peerRow
                && start(i) == start(from) + bytes;
        sum = isPart ? PayloadSums.plus(sum, sum(i), bytes) : -1;
        bytes += bytes(i);
      }
      return bytes == wholeBytes ? sum : -1;
    }
  }
}
