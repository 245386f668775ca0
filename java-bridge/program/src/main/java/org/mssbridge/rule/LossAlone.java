package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.HandshakeGaps;
import org.mssbridge.evidence.LargeLost;
import org.mssbridge.evidence.Life;
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

/** Losses on either side of the only capture, by the byte ranges that are sent again. */
final class LossAlone implements Rule {
  static final Kind UPSTREAM =
      new Kind(
          "loss.upstream",
          Severity.NOTE,
          Group.SEQUENCE,
          "data is missing at first and sent again: lost before the only capture");
  static final Kind DOWNSTREAM =
      new Kind(
          "loss.downstream",
          Severity.NOTE,
          Group.SEQUENCE,
          "data that passed the only capture is sent again: lost or late after it");

  /** A single repetition is a probe for the loss of the last segment (RFC 8985, section 7). */
  private static final int LEAST_AFTER = 2;

  /** Data that is sent again. */
  record SentTwice(
      Direction inDirection,
      CapturePoint point,
      boolean upstream,
      int segments,
      long bytes,
      long sentBytes)
      implements Finding {
    @Override
    public Kind kind() {
      return upstream ? UPSTREAM : DOWNSTREAM;
    }

    @Override
    public String message() {
      String sender = Words.sender(inDirection);
      String counted =
          String.format(
              "%s sent %s (%s%s)",
              Words.count(segments, "segment"),
              Words.way(inDirection),
              Words.part(bytes, sentBytes, "byte"),
              Words.percent(bytes, sentBytes).replace(" (", ", ").replace(")", ""));
      boolean isOne = segments == 1;
      return upstream
          ? String.format(
              "%s %s missing at first and %s later, sent again: lost between the %s and this"
                  + " capture",
              counted, isOne ? "is" : "are", isOne ? "arrives" : "arrive", sender)
          : String.format(
              "%s %s again what passed this capture already: lost or late between it and the %s,"
                  + " or %s lost",
              counted,
              isOne ? "carries" : "carry",
              Words.sender(inDirection.reverse()),
              isOne ? "its acknowledgment is" : "their acknowledgments are");
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("segments", segments)
          .and("bytes", bytes)
          .and("sent_bytes", sentBytes);
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      return Optional.of(
          upstream
              ? SecondCapture.near(inDirection, "whether these segments leave there")
              : SecondCapture.near(
                  inDirection.reverse(), "which of these segments arrive there, and when"));
    }

    @Override
    public String nextStep() {
      String sender = Words.sender(inDirection);
      String receiver = Words.sender(inDirection.reverse());
      return String.format(
          "capture also on the %s; look for drops (queues, policers, a bad link) between %s",
          upstream ? sender : receiver,
          upstream ? "the " + sender + " and this capture" : "this capture and the " + receiver);
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(UPSTREAM, DOWNSTREAM);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    LostRtp.check(evidence, findings);
    if (evidence.comparison().captures().size() > 1) {
      return; // Two captures show what is lost between them.
    }
    CapturePoint point = evidence.comparison().captures().get(0).point();
    CaptureDuplicates duplicates = evidence.comparison().duplicates().at(point).orElseThrow();
    for (Direction direction : Direction.values()) {
      Set<Integer> stalled = stalled(evidence, point, direction);
      Sums sums = new Sums();
      for (TracedConnection traced : evidence.comparison().connections()) {
        Connection seen = traced.at().at(point).orElseThrow();
        if (seen.clientToServer().table().isTimed() && seen.flow(direction).dataSegments() > 0) {
          if (seen.flow(direction).repeatedSegments() == 0) {
            sums.sentBytes += bytes(seen, direction);
          } else if (!stalled.contains(traced.id()) && LargeLost.hole(seen, direction).isEmpty()) {
            sums.add(traced, seen, direction, point, duplicates);
          }
        }
      }
      sums.report(direction, point, findings);
    }
  }

  /** What these repeat is reported as stalled, or as too large. */
  private static Set<Integer> stalled(Evidence evidence, CapturePoint point, Direction direction) {
    Set<Integer> stalled = new HashSet<>();
    for (Life life : evidence.lives()) {
      if (life.ending(point) instanceof Ending.Stalled end && end.direction() == direction) {
        stalled.add(life.connection().id());
      }
    }
    return stalled;
  }

  /** The bytes of a direction whose segments follow one another. */
  private static long bytes(Connection seen, Direction direction) {
    var flow = seen.flow(direction);
    var table = flow.table();
    int last = flow.lastDataRow();
    return Integer.toUnsignedLong(
        table.sequence(last) + table.payloadBytes(last) - table.sequence(flow.firstDataRow()));
  }

  /** What is counted over all connections. */
  private static final class Sums {
    private final List<Occurrence> before = new ArrayList<>();
    private final List<Occurrence> after = new ArrayList<>();
    private int segmentsBefore;
    private int segmentsAfter;
    private long bytesBefore;
    private long bytesAfter;
    private long sentBytes;

    void add(
        TracedConnection traced,
        Connection seen,
        Direction direction,
        CapturePoint point,
        CaptureDuplicates duplicates) {
      Set<Integer> needless =
          NeedlessRepeats.of(seen, direction, duplicates).stream()
              .map(NeedlessRepeats.Repeat::frame)
              .collect(Collectors.toSet());
      SentAgain again = SentAgain.of(seen, direction, duplicates, needless);
      sentBytes += again.bytes();
      // What leaves its sender is not lost before it: the capture itself missed that.
      if (!again.before().frames().isEmpty() && !HandshakeGaps.isBeside(seen, direction)) {
        before.add(occurrence(traced, seen, point, again.before(), "missing at first"));
        segmentsBefore += again.before().frames().size();
        bytesBefore += again.before().bytes();
      }
      if (!again.after().frames().isEmpty()) {
        after.add(occurrence(traced, seen, point, again.after(), "sent before"));
        segmentsAfter += again.after().frames().size();
        bytesAfter += again.after().bytes();
      }
    }

    private static Occurrence occurrence(
        TracedConnection traced,
        Connection seen,
        CapturePoint point,
        SentAgain.Part part,
        String what) {
      return Occurrence.on(traced.id())
          .at(point, part.frames())
          .saying(
              String.format(
                  "%s to %s: %s with %s that %s %s",
                  seen.client(),
                  seen.server(),
                  Words.count(part.frames().size(), "segment"),
                  Words.count(part.bytes(), "byte"),
                  part.bytes() == 1 ? "was" : "were",
                  what))
          .with(Facts.of("segments", part.frames().size()).and("bytes", part.bytes()));
    }

    void report(Direction direction, CapturePoint point, Findings findings) {
      if (segmentsBefore > 0) {
        findings.add(
            new SentTwice(direction, point, true, segmentsBefore, bytesBefore, sentBytes), before);
      }
      if (segmentsAfter >= LEAST_AFTER) {
        findings.add(
            new SentTwice(direction, point, false, segmentsAfter, bytesAfter, sentBytes), after);
      }
    }
  }
}
