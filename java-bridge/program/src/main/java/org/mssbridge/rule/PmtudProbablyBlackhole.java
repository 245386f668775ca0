package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LargeLost;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.SizesBetweenHosts;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Large segments that get lost while small ones arrive, in the only capture. */
final class PmtudProbablyBlackhole implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.probably-blackhole",
          Severity.WARN,
          Group.SEQUENCE,
          "large segments get lost and smaller ones arrive, as far as one capture shows");

  /**
   * Connections that lose segments of these sizes.
   *
   * @param isHole whether the loss is before the capture: it shows holes
   * @param lostBytes data in a lost segment, or the size of a hole
   * @param largestBytes the largest segment that arrives
   * @param laterArrives whether data that was sent after the lost one surely arrives
   * @param others whether other connections between the same hosts show what arrives
   */
  record ProbablyBlackhole(
      Direction inDirection,
      CapturePoint point,
      boolean isHole,
      int lostBytes,
      int largestBytes,
      boolean laterArrives,
      boolean others)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      String small =
          largestBytes > 0
              ? "segments of up to "
                  + largestBytes
                  + " bytes arrive"
                  + (others ? " on the connections between these hosts" : "")
              : "segments without data arrive";
      return isHole
          ? String.format(
              "probably a black hole for large packets %s: of the data sent %s a hole of %d bytes"
                  + " is never filled, while %s after it",
              Words.behind(point, inDirection), Words.way(inDirection), lostBytes, small)
          : String.format(
              "probably a black hole for large packets %s: segments of %d bytes sent %s are"
                  + " repeated and never acknowledged, while %s, and no ICMP comes back",
              Words.behind(point, inDirection.reverse()), lostBytes, Words.way(inDirection), small);
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("shown_by", isHole ? "hole" : "repetitions")
          .and("lost_bytes", lostBytes)
          .and("largest_arrived_segment_bytes", largestBytes)
          .and("shown_by_other_connections", others);
    }

    @Override
    public List<Cause> causes() {
      List<String> supporting = new ArrayList<>();
      List<String> against = new ArrayList<>();
      if (largestBytes > 0) {
        supporting.add("no segment larger than " + largestBytes + " bytes arrives");
      } else {
        against.add("no data arrives at all: an outage would look the same");
      }
      if (laterArrives) {
        supporting.add(
            "what was sent after the lost data"
                + (others ? ", on this connection or another one," : "")
                + " arrives: the path itself works");
      } else if (largestBytes > 0) {
        against.add("nothing sent after the lost data is known to arrive");
      }
      return List.of(
          new Cause(
              "a link with a smaller MTU whose ICMP is filtered or never sent",
              supporting,
              against,
              "RFC 2923, section 2.1"));
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      return Optional.of(
          isHole
              ? SecondCapture.near(
                  inDirection,
                  "the sizes of the segments that get lost, and whether ICMP comes back")
              : SecondCapture.near(
                  inDirection.reverse(), "whether the large segments arrive there"));
    }

    @Override
    public String nextStep() {
      String end = Words.sender(isHole ? inDirection : inDirection.reverse());
      return Words.probe("the " + end)
          + " to find the MTU of the path; let ICMP pass, or clamp the MSS";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    LargeDatagrams.check(evidence, findings);
    if (evidence.comparison().captures().size() > 1) {
      return; // Two captures show where it is lost.
    }
    CapturePoint point = evidence.comparison().captures().get(0).point();
    for (Life life : evidence.lives()) {
      repeated(evidence, life, point)
          .ifPresent(lost -> report(life.connection(), point, lost, findings));
    }
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (Direction direction : Direction.values()) {
        LargeLost.hole(traced.at().at(point).orElseThrow(), direction)
            .ifPresent(lost -> report(traced, point, lost, findings));
      }
    }
  }

  /** The segment that a connection of the only capture repeats because it is too large. */
  static Optional<LargeLost> repeated(Evidence evidence, Life life, CapturePoint point) {
    if (evidence.comparison().captures().size() == 1
        && life.ending(point) instanceof Ending.Stalled stalled
        && life.at(point).flow(stalled.direction()).unreachables().isEmpty()
        && evidence.tooBigs(life.connection().id()).isEmpty()) {
      return evidence.largeRepeated(life, point, stalled);
    }
    return Optional.empty();
  }

  private static void report(
      TracedConnection traced, CapturePoint point, LargeLost lost, Findings findings) {
    Connection seen = traced.at().at(point).orElseThrow();
    SegmentTable table = seen.clientToServer().table();
    String ends = seen.client() + " to " + seen.server();
    Occurrence occurrence =
        Occurrence.on(traced.id())
            .at(point, table.frame(lost.firstRow()))
            .at(point, table.frame(lost.lastRow()));
    if (lost.other().isPresent()) {
      occurrence = occurrence.at(point, table.frame(lost.other().get().arrived().row()));
    }
    findings.add(
        new ProbablyBlackhole(
            lost.direction(),
            point,
            lost.isHole(),
            lost.lostBytes(),
            lost.largestBytes(),
            lost.laterArrives(),
            lost.other().isPresent()),
        occurrence
            .saying(
                lost.isHole()
                    ? String.format(
                        "%s: %s are missing before frame %d; the %s asks for them %s in %s",
                        ends,
                        Words.count(lost.lostBytes(), "byte"),
                        table.frame(lost.firstRow()),
                        Words.sender(lost.direction().reverse()),
                        Words.count(lost.copies(), "time"),
                        Words.seconds(lost.nanos()))
                    : String.format(
                        "%s: a segment with %s of data is sent %s in %s%s",
                        ends,
                        Words.count(lost.lostBytes(), "byte"),
                        Words.count(lost.copies(), "time"),
                        Words.seconds(lost.nanos()),
                        lost.other().map(other -> other(other, lost, table)).orElse("")))
            .with(Facts.of("copies", lost.copies()).and("lasts_s", lost.nanos() / 1e9)));
  }

  /** What arrives on another connection, and when it was sent. */
  private static String other(LargeLost.Other other, LargeLost lost, SegmentTable table) {
    SizesBetweenHosts.Arrived arrived = other.arrived();
    long nanos = table.timeNanos(arrived.row()) - table.timeNanos(lost.firstRow());
    return String.format(
        "; the %s of %s to %s in frame %d, sent %s %s, are acknowledged",
        Words.count(arrived.bytes(), "byte"),
        arrived.seen().client(),
        arrived.seen().server(),
        table.frame(arrived.row()),
        Words.time(Math.abs(nanos)),
        other.isAfter() ? "after its first transmission" : "before it");
  }
}
