package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.NeedlessRepeats;
import org.mssbridge.evidence.SentAgain;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Data that is sent again although its receiver has it, in the only capture. */
final class RetransmissionNeedless implements Rule {
  static final Kind KIND =
      new Kind(
          "retransmission.needless",
          Severity.NOTE,
          Group.SEQUENCE,
          "data is sent again although its receiver has it");

  /** Where segments are overtaken. */
  enum Where {
    /** Between the sender and the point. */
    BEFORE,
    /** Between the point and the receiver. */
    AFTER,
    NOWHERE
  }

  /** Connections of which data is repeated needlessly, for the same reason. */
  record Needless(Direction inDirection, CapturePoint point, NeedlessRepeats.Why why, Where where)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      String sender = Words.sender(inDirection);
      return switch (why) {
        case ACK_LOST ->
            String.format(
                "the %s repeats data long after its acknowledgment passed %s: acknowledgments are"
                    + " lost or late between %s and the %s",
                sender, point, point, sender);
        case CROSSED ->
            String.format(
                "the %s repeats data while its acknowledgment is on the way: nothing is lost, the"
                    + " round trip took longer than the %s waits",
                sender, sender);
        case REORDERED ->
            String.format(
                "later segments of the %s overtake earlier ones %s: the %s takes the reported gaps"
                    + " for losses and repeats data that is not lost (fast retransmit)",
                sender, overtakenWhere(), sender);
        case REPORTED ->
            String.format(
                "the %s repeats data that the %s reports to have already (D-SACK): the data was not"
                    + " lost, but late, or its acknowledgment was late or lost",
                sender, Words.sender(inDirection.reverse()));
      };
    }

    private String overtakenWhere() {
      return where == Where.BEFORE
          ? "between the " + Words.sender(inDirection) + " and " + point
          : "between " + point + " and the " + Words.sender(inDirection.reverse());
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("reason", why.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      if (why == NeedlessRepeats.Why.REORDERED) {
        return Optional.of(
            SecondCapture.near(
                where == Where.BEFORE ? inDirection : inDirection.reverse(),
                "which segments are overtaken, and by how much"));
      }
      return Optional.of(
          why == NeedlessRepeats.Why.REPORTED
              ? SecondCapture.near(
                  inDirection.reverse(),
                  "when each copy arrives there, and when its acknowledgment leaves")
              : SecondCapture.near(
                  inDirection, "whether and when the acknowledgments arrive there"));
    }

    @Override
    public String nextStep() {
      return switch (why) {
        case ACK_LOST -> "look for drops of packets to the " + Words.sender(inDirection);
        case REORDERED -> "look for " + Words.OVERTAKING + " " + overtakenWhere();
        case CROSSED, REPORTED ->
            "look for queues that delay packets of this connection at that time";
      };
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    if (evidence.comparison().captures().size() > 1) {
      return; // Two captures show what is lost.
    }
    CapturePoint point = evidence.comparison().captures().get(0).point();
    for (TracedConnection traced : evidence.comparison().connections()) {
      Connection seen = traced.at().at(point).orElseThrow();
      for (Direction direction : Direction.values()) {
        if (seen.flow(direction).repeatedSegments() > 0
            && seen.clientToServer().table().isTimed()) {
          CaptureDuplicates duplicates = evidence.comparison().duplicates().at(point).orElseThrow();
          Set<Integer> overtaken = SentAgain.of(seen, direction, duplicates, Set.of()).overtaken();
          List<NeedlessRepeats.Repeat> repeats =
              NeedlessRepeats.of(seen, direction, duplicates).stream()
                  .map(one -> one.knowing(overtaken))
                  .toList();
          report(traced, seen, direction, point, repeats, overtaken, findings);
        }
      }
    }
  }

  private static void report(
      TracedConnection traced,
      Connection seen,
      Direction direction,
      CapturePoint point,
      List<NeedlessRepeats.Repeat> repeats,
      Set<Integer> overtaken,
      Findings findings) {
    Map<NeedlessRepeats.Why, List<NeedlessRepeats.Repeat>> byWhy = new HashMap<>();
    repeats.forEach(one -> byWhy.computeIfAbsent(one.why(), key -> new ArrayList<>()).add(one));
    for (NeedlessRepeats.Why why : NeedlessRepeats.Why.values()) {
      List<NeedlessRepeats.Repeat> some = byWhy.getOrDefault(why, List.of());
      if (some.size() >= why.least()) {
        NeedlessRepeats.Repeat first = some.get(0);
        findings.add(
            new Needless(
                direction,
                point,
                why,
                why != NeedlessRepeats.Why.REORDERED
                    ? Where.NOWHERE
                    : some.stream().anyMatch(one -> one.isOvertaken(overtaken))
                        ? Where.BEFORE
                        : Where.AFTER),
            Occurrence.on(traced.id())
                .at(point, first.acknowledgmentFrame())
                .at(point, some.stream().map(NeedlessRepeats.Repeat::frame).toList())
                .saying(text(seen, why, some))
                .with(Facts.of("segments", some.size()).and("after_ack_ms", first.nanos() / 1e6)));
      }
    }
  }

  private static String text(
      Connection seen, NeedlessRepeats.Why why, List<NeedlessRepeats.Repeat> some) {
    NeedlessRepeats.Repeat first = some.get(0);
    String ends = seen.client() + " to " + seen.server() + ": ";
    String count = Words.count(some.size(), "segment");
    if (why == NeedlessRepeats.Why.REPORTED) {
      return String.format(
          "%s%s; frame %d reports that frame %d came twice",
          ends, count, first.acknowledgmentFrame(), first.frame());
    }
    if (why == NeedlessRepeats.Why.REORDERED) {
      NeedlessRepeats.Copy copy = first.copy();
      return String.format(
          "%s%s; frame %d reports a gap where %s, and frame %d repeats it %s after that; frame %d"
              + " shows that it was not lost",
          ends,
          count,
          copy.gapFrame(),
          first.acknowledgmentFrame() < first.frame()
              ? "frame " + copy.originalFrame() + " comes later"
              : "frame " + copy.originalFrame() + " belongs",
          first.frame(),
          Words.time(copy.nanos()),
          first.acknowledgmentFrame());
    }
    return String.format(
        "%s%s; frame %d repeats what frame %d had acknowledged %s before%s",
        ends,
        count,
        first.frame(),
        first.acknowledgmentFrame(),
        Words.time(first.nanos()),
        first.roundTripNanos() < 0
            ? ""
            : "; to the sender and back it is " + Words.time(first.roundTripNanos()));
  }
}
