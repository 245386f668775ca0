package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Segments that arrive after segments sent later (RFC 4737, section 3). */
final class PathReordered implements Rule {
  static final Kind KIND =
      new Kind("path.reordered", Severity.NOTE, Group.SEQUENCE, "segments arrive in another order");

  record Reordered(Leg across, int segments, long arrived, long latestNanos) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%d of %d data segments sent %s %s overtaken %s, by up to %s",
          segments,
          arrived,
          across.direction().label(),
          segments == 1 ? "was" : "were",
          across.between(),
          Spans.text(latestNanos));
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("reordered_segments", segments)
          .and("arrived_segments", arrived)
          .and("latest_ms", latestNanos / 1e6);
    }

    @Override
    public String nextStep() {
      return "look for load sharing by packet, several queues, or a link that repeats frames "
          + across.between()
          + ": three segments' distance already looks like loss to the sender (RFC 5681)";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    evidence.passagesByLeg().forEach((leg, passages) -> check(leg, passages, findings));
  }

  private static void check(Leg leg, List<Passage> passages, Findings findings) {
    List<Occurrence> occurrences = new ArrayList<>();
    long arrived = 0;
    long latestNanos = 0;
    for (Passage passage : passages) {
      arrived += passage.alignment().far().size();
      for (Overtaken overtaken : overtaken(passage)) {
        latestNanos = Math.max(latestNanos, overtaken.lateNanos());
        occurrences.add(overtaken.occurrence(passage));
      }
    }
    findings.add(new Reordered(leg, occurrences.size(), arrived, latestNanos), occurrences);
  }

  /**
   * A segment that arrives after one sent later.
   *
   * @param nearRow its row at the near point
   * @param farRow its row at the far point
   * @param lateNanos how long it arrives after the last segment that overtook it
   */
  private record Overtaken(int nearRow, int farRow, long lateNanos) {
    Occurrence occurrence(Passage passage) {
      return passage
          .occurrence(nearRow, farRow)
          .saying("arrives " + Spans.text(lateNanos) + " after one that was sent later")
          .with(Facts.NONE.and("late_ms", lateNanos / 1e6));
    }
  }

  private static List<Overtaken> overtaken(Passage passage) {
    Alignment.Sightings far = passage.alignment().far();
    SegmentTable sent = passage.near().table();
    SegmentTable arrived = passage.far().table();
    List<Overtaken> found = new ArrayList<>();
    int last = -1;
    for (int i = 0; i < far.size(); i++) {
      if (far.peerRow()[i] < 0) {
        continue;
      }
      if (last >= 0 && isBefore(far, i, last, sent)) {
        int row = far.row()[i];
        long lateNanos = arrived.timeNanos(row) - arrived.timeNanos(far.row()[last]);
        if (lateNanos > 0) {
          found.add(new Overtaken(far.peerRow()[i], row, lateNanos));
        }
      } else {
        last = i;
      }
    }
    return found;
  }

  /** Whether a segment was sent before another one, or is an earlier part of the same segment. */
  private static boolean isBefore(
      Alignment.Sightings far, int index, int other, SegmentTable sent) {
    int row = far.peerRow()[index];
    int otherRow = far.peerRow()[other];
    return row == otherRow
        ? far.start()[index] < far.start()[other]
        : row < otherRow && sent.timeNanos(row) < sent.timeNanos(otherRow);
  }
}
