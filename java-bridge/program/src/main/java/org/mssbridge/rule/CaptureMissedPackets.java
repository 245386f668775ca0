package org.mssbridge.rule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.CaptureGaps;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.evidence.AcknowledgedSpan;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.InjectedData;
import org.mssbridge.evidence.PlainSegments;
import org.mssbridge.evidence.SentEarlier;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Acknowledged bytes missing from a capture: the capture lost them, not the network. */
final class CaptureMissedPackets implements Rule {
  static final Kind KIND =
      new Kind(
          "capture.missed-packets",
          Severity.NOTE,
          Group.SEQUENCE,
          "the capture does not hold bytes that were acknowledged");

  private static final String RELIEF =
      "larger buffers, a smaller snapshot length or a capture filter relieve the capture";

  /**
   * Bytes that a capture lacks.
   *
   * @param cutsFragments whether it holds fragments of packets that the snapshot length cut: what
   *     they carry cannot be seen
   * @param isFiltered whether it holds only segments with SYN, FIN or RST
   */
  record Missed(CapturePoint point, long bytes, int gaps, boolean cutsFragments, boolean isFiltered)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      if (isFiltered) {
        return String.format(
            "the capture at %s holds only packets with SYN, FIN or RST, as a capture filter on these"
                + " flags leaves: it lacks %s that were acknowledged",
            point, Words.count(bytes, "byte"));
      }
      return String.format(
          "the capture at %s lacks %s that were acknowledged: they passed, and the capture"
              + " lost them%s",
          point,
          Words.count(bytes, "byte"),
          cutsFragments ? " or has cut the fragments that carry them" : "");
    }

    @Override
    public boolean qualifiesNoProblem() {
      return true;
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("missed_bytes", bytes)
          .and("gaps", gaps)
          .and("only_syn_fin_rst", isFiltered);
    }

    @Override
    public String nextStep() {
      if (isFiltered) {
        return "capture again at "
            + point
            + " without a filter on TCP flags: what happens to data cannot be seen there";
      }
      String whole =
          cutsFragments ? "capture whole packets (tcpdump -s 0) to see what fragments carry; " : "";
      return whole
          + "look for drops of the capture itself (dumpcap and tcpdump count them), for an overrun"
          + " mirror port, or for a second way that the packets took; "
          + RELIEF;
    }
  }

  /**
   * A capture whose own statistics count packets that it dropped.
   *
   * @param packets how many, by all its interfaces
   */
  record Dropped(CapturePoint point, long packets) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the capture at %s dropped %s itself, as its statistics say: it lacks packets that passed",
          point, Words.count(packets, "packet"));
    }

    @Override
    public boolean qualifiesNoProblem() {
      return true;
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name()).and("dropped_packets", packets);
    }

    @Override
    public String nextStep() {
      return RELIEF;
    }
  }

  /**
   * A capture between two others that holds nothing for some time while both of these go on.
   *
   * @param holes the times, in their order
   */
  record Silent(CapturePoint point, List<Coverage.Hole> holes) implements Finding {
    Silent {
      holes = List.copyOf(holes);
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    private long longestNanos() {
      return holes.stream().mapToLong(hole -> hole.untilNanos() - hole.fromNanos()).max().orElse(0);
    }

    @Override
    public String message() {
      return String.format(
          "the capture at %s holds no packet for %s%s, while connections go on at the points on both"
              + " sides of it: the capture stopped, or all of them took another way",
          point,
          Words.seconds(longestNanos()),
          holes.size() == 1
              ? ""
              : " and for " + Words.count(holes.size() - 1, "other time") + " of 1 s or more");
    }

    @Override
    public boolean qualifiesNoProblem() {
      return true;
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("holes", holes.size())
          .and("longest_hole_ms", longestNanos() / 1_000_000);
    }

    @Override
    public String nextStep() {
      return "look whether the capture at "
          + point
          + " stopped then (a full disk, a change of files), and whether the routes changed";
    }
  }

  /**
   * Packets besides TCP that are after a point and not at it.
   *
   * @param across the leg after it
   */
  record Lacking(FlowLegs.Key across, int packets) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the capture at %s lacks %s sent %s that the one at %s holds, between others that are in"
              + " both",
          across.leg().near(),
          Words.count(packets, across.packet()),
          Words.way(across.leg()),
          across.leg().far());
    }

    @Override
    public boolean qualifiesNoProblem() {
      return true;
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across.leg());
    }

    @Override
    public Facts facts() {
      return across.facts().and("point", across.leg().near().name()).and("missed_packets", packets);
    }

    @Override
    public String nextStep() {
      return "look for drops of the capture itself (dumpcap and tcpdump count them), for an overrun"
          + " mirror port, or for a second way that the packets took; "
          + RELIEF;
    }
  }

  /**
   * Connections of which a capture holds one direction only, and in it what acknowledges the other.
   *
   * @param missing the direction that it does not hold
   */
  record OneWay(CapturePoint point, Direction missing) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the capture at %s holds one direction only: no packet sent %s, though such data is"
              + " acknowledged there",
          point, Words.way(missing));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(missing);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name()).and("missing_direction", missing.label());
    }

    @Override
    public String nextStep() {
      return "mirror both directions of the port (SPAN rx and tx), take both sides of a tap, or look"
          + " for a second way that the packets took";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    List<TracedConnection> connections = evidence.comparison().connections();
    for (PointCapture capture : evidence.comparison().path()) {
      CapturePoint point = capture.point();
      if (evidence.comparison().path().size() == 1) { // Else path.asymmetric says more.
        connections.forEach(traced -> addOneWay(traced, point, findings));
      }
      long dropped = capture.coverage().droppedPackets().orElse(0);
      if (dropped > 0) {
        findings.add(
            new Dropped(point, dropped),
            Occurrence.anywhere().at(point, capture.extent().packets()));
      }
      findings.add(
          new Silent(point, capture.coverage().holes()),
          capture.coverage().holes().stream().map(hole -> occurrence(capture, hole)).toList());
      report(capture, gaps(evidence, point), findings);
    }
    FlowLegs.of(evidence).forEach((key, passages) -> checkOthers(key, passages, findings));
  }

  /** An occurrence on the packets before and after a hole. */
  private static Occurrence occurrence(PointCapture capture, Coverage.Hole hole) {
    List<Integer> frames = new ArrayList<>();
    for (Connection connection : capture.connections()) {
      for (Direction direction : Direction.values()) {
        Flow flow = connection.flow(direction);
        for (int row = flow.firstRow(); row >= 0; row = flow.table().next(row)) {
          if (hole.endsAt(flow.table().timeNanos(row))) {
            frames.add(flow.table().frame(row));
          }
        }
      }
    }
    DatagramTable others = capture.datagrams();
    for (int row = 0; row < others.size(); row++) {
      if (hole.endsAt(others.timeNanos(row))) {
        frames.add(others.frame(row));
      }
    }
    long nanos = hole.untilNanos() - hole.fromNanos();
    return Occurrence.anywhere()
        .at(capture.point(), frames.stream().sorted().toList())
        .saying(
            String.format(
                "nothing from %s on for %s",
                Instant.ofEpochSecond(0, hole.fromNanos()), Words.seconds(nanos)))
        .with(Facts.of("hole_ms", nanos / 1_000_000));
  }

  private static void checkOthers(FlowLegs.Key key, List<FlowPassage> passages, Findings findings) {
    List<Occurrence> lacking = new ArrayList<>();
    for (FlowPassage passage : passages) {
      for (int row : passage.lackedByNear()) {
        lacking.add(FlowLegs.arrived(passage, row, "not in the capture at " + key.leg().near()));
      }
    }
    if (!lacking.isEmpty()) {
      findings.add(new Lacking(key, lacking.size()), lacking);
    }
  }

  /** The gaps of one direction of a connection. */
  private record Gaps(TracedConnection connection, Direction direction, CaptureGaps gaps) {}

  private static List<Gaps> gaps(Evidence evidence, CapturePoint point) {
    List<Gaps> found = new ArrayList<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      Connection seen = traced.at().at(point).orElse(null);
      for (Direction direction : Direction.values()) {
        CaptureGaps gaps =
            seen == null
                ? null
                : CaptureGaps.of(
                    seen, direction, SentEarlier.end(evidence, traced, point, direction));
        for (PairedConnection pair : traced.pairs()) {
          if (gaps != null && gaps.size() > 0 && pair.nearPoint(direction).equals(point)) {
            gaps = withoutInjected(evidence, pair, direction, gaps);
          }
        }
        if (gaps != null && gaps.size() > 0) {
          found.add(new Gaps(traced, direction, gaps));
        }
      }
    }
    return found;
  }

  /** What a device puts in after the point is no gap of its capture. */
  private static CaptureGaps withoutInjected(
      Evidence evidence, PairedConnection pair, Direction direction, CaptureGaps gaps) {
    int shift =
        CaptureGaps.base(pair.nearFlow(direction))
            - pair.base(pair.nearPoint(direction), direction);
    CaptureGaps left = gaps;
    for (InjectedData.Run run : evidence.injectedData(pair, direction).found()) {
      left = left.without(run.start() - shift, run.end() - shift);
    }
    return left;
  }

  private static void addOneWay(TracedConnection traced, CapturePoint point, Findings findings) {
    Connection seen = traced.at().at(point).orElse(null);
    for (Direction missing : Direction.values()) {
      if (seen != null && seen.flow(missing).firstRow() < 0) {
        Flow other = seen.flow(missing.reverse());
        long bytes = AcknowledgedSpan.bytes(other);
        if (bytes > 0) {
          findings.add(
              new OneWay(point, missing),
              Occurrence.on(traced.id())
                  .at(point, other.table().frame(other.firstRow()))
                  .with(Facts.of("acknowledged_bytes", bytes)));
        }
      }
    }
  }

  private static void report(PointCapture capture, List<Gaps> found, Findings findings) {
    if (found.isEmpty()) {
      return;
    }
    CapturePoint point = capture.point();
    boolean cutsFragments =
        capture.fragments().size() > 0 && capture.extent().truncatedPackets() > 0;
    Missed missed =
        new Missed(
            point,
            found.stream().mapToLong(one -> one.gaps().bytes()).sum(),
            found.stream().mapToInt(one -> one.gaps().size()).sum(),
            cutsFragments,
            !PlainSegments.areIn(capture));
    for (Gaps one : found) {
      for (int i = 0; i < one.gaps().size(); i++) {
        findings.add(missed, occurrence(one.connection(), point, one.direction(), one.gaps(), i));
      }
    }
  }

  private static Occurrence occurrence(
      TracedConnection traced, CapturePoint point, Direction direction, CaptureGaps gaps, int i) {
    return Occurrence.on(traced.id())
        .at(point, gaps.acknowledgedFrame()[i])
        .saying(
            String.format(
                "acknowledges bytes sent %s that this capture does not hold (relative sequence"
                    + " numbers %d to %d)",
                Words.way(direction), gaps.start()[i], gaps.end()[i] - 1))
        .with(
            Facts.of("direction", direction.label())
                .and("relative_sequence", gaps.start()[i])
                .and("missed_bytes", gaps.end()[i] - gaps.start()[i]));
  }
}
