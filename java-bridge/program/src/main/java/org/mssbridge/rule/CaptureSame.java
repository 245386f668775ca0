package org.mssbridge.rule;

import java.util.List;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Numbers;
import org.mssbridge.model.Severity;

/** One capture that was given for two points. */
final class CaptureSame implements Rule {
  static final Kind KIND =
      new Kind(
          "capture.same",
          Severity.WARN,
          Group.ASSUMPTION,
          "the captures of two points hold the same packets at the same times");

  /** So few packets may have the same times by chance. */
  private static final int LEAST_PACKETS = 5;

  record Same(CapturePoint point, CapturePoint other, int packets) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the captures at %s and %s are the same: all %s packets have the same times, TTLs and"
              + " contents, so they are of one point, and nothing is known of what is between",
          point, other, Numbers.grouped(packets));
    }

    @Override
    public Facts facts() {
      return Facts.NONE.and("points", List.of(point.name(), other.name())).and("packets", packets);
    }

    @Override
    public String nextStep() {
      return "give the capture of the other point, or look at this one alone (mssbridge inspect"
          + " FILE)";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Comparison comparison = evidence.comparison();
    List<PointCapture> path = comparison.path();
    for (int i = 1; i < path.size(); i++) {
      PointCapture one = path.get(i - 1);
      PointCapture other = path.get(i);
      if (one.extent().packets() >= LEAST_PACKETS
          && one.extent().packets() == other.extent().packets()
          && one.extent().hasTime()
          && !one.sharesFile(other)
          && !comparison.connections().isEmpty()
          && comparison.connections().stream()
              .allMatch(traced -> isSame(traced, one.point(), other.point()))) {
        findings.add(
            new Same(one.point(), other.point(), one.extent().packets()), Occurrence.anywhere());
      }
    }
  }

  private static boolean isSame(TracedConnection traced, CapturePoint one, CapturePoint other) {
    return traced.pairs().stream()
        .filter(pair -> pair.nearPoint(Direction.C2S).equals(one))
        .filter(pair -> pair.farPoint(Direction.C2S).equals(other))
        .anyMatch(CaptureSame::isSame);
  }

  private static boolean isSame(PairedConnection pair) {
    for (Direction direction : Direction.values()) {
      if (!isSame(pair.nearFlow(direction), pair.farFlow(direction))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(Flow one, Flow other) {
    SegmentTable near = one.table();
    SegmentTable far = other.table();
    int nearRow = one.firstRow();
    int farRow = other.firstRow();
    while (nearRow >= 0 && farRow >= 0) {
      if (near.timeNanos(nearRow) != far.timeNanos(farRow)
          || near.ttl(nearRow) != far.ttl(farRow)
          || near.ipId(nearRow) != far.ipId(farRow)
          || near.sequence(nearRow) != far.sequence(farRow)
          || near.acknowledgment(nearRow) != far.acknowledgment(farRow)
          || near.flags(nearRow) != far.flags(farRow)
          || near.window(nearRow) != far.window(farRow)
          || near.payloadBytes(nearRow) != far.payloadBytes(farRow)
          || near.payloadSum(nearRow) != far.payloadSum(farRow)) {
        return false;
      }
      nearRow = near.next(nearRow);
      farRow = far.next(farRow);
    }
    return nearRow == farRow;
  }
}
