package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.NeedlessRepeats;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/** Segments that arrive after segments sent later (RFC 4737, section 3). */
final class PathReordered implements Rule {
  static final Kind KIND =
      new Kind("path.reordered", Severity.NOTE, Group.SEQUENCE, "segments arrive in another order");

  /**
   * Segments that are overtaken on a leg.
   *
   * @param repeated how many of them are sent again, as the receiver reported them as missing
   */
  record Reordered(Leg across, int segments, long arrived, long latestNanos, int repeated)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%s sent %s %s overtaken %s, by up to %s%s",
          Words.part(segments, arrived, "data segment"),
          Words.way(across),
          segments == 1 ? "was" : "were",
          across.between(),
          Spans.text(latestNanos),
          repeated == 0
              ? ""
              : String.format(
                  "; the %s takes %d of them for lost and sends %s again",
                  Words.sender(across.direction()), repeated, repeated == 1 ? "it" : "them"));
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
          .and("latest_ms", latestNanos / 1e6)
          .and("repeated_segments", repeated);
    }

    @Override
    public String nextStep() {
      return "look for "
          + Words.OVERTAKING
          + " "
          + across.between()
          + ": a segment that comes 3 or more places late makes the sender retransmit (RFC 5681)";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    evidence.passagesByLeg().forEach((leg, passages) -> check(evidence, leg, passages, findings));
    ReorderedDatagrams.check(evidence, findings);
  }

  private static void check(Evidence evidence, Leg leg, List<Passage> passages, Findings findings) {
    List<Occurrence> occurrences = new ArrayList<>();
    long arrived = 0;
    long latestNanos = 0;
    int repeated = 0;
    for (Passage passage : passages) {
      arrived += passage.alignment().far().size();
      List<Overtaken> all = overtaken(passage);
      for (Overtaken overtaken : all) {
        latestNanos = Math.max(latestNanos, overtaken.lateNanos());
        occurrences.add(overtaken.occurrence(passage));
      }
      repeated += repeated(evidence, passage, all);
    }
    findings.add(
        new Reordered(leg, occurrences.size(), arrived, latestNanos, repeated), occurrences);
  }

  /** How many of them are sent again once the receiver reports them as missing. */
  private static int repeated(Evidence evidence, Passage passage, List<Overtaken> overtaken) {
    if (overtaken.isEmpty() || passage.near().repeatedSegments() == 0) {
      return 0;
    }
    Set<Integer> frames = new HashSet<>();
    overtaken.forEach(one -> frames.add(passage.near().table().frame(one.nearRow())));
    return (int)
        NeedlessRepeats.afterGap(
                passage.pair().near(passage.direction()),
                passage.direction(),
                evidence.comparison().duplicates().at(passage.nearPoint()).orElseThrow())
            .stream()
            .filter(copy -> frames.contains(copy.originalFrame()))
            .count();
  }

  /**
   * A segment that arrives after one sent later.
   *
   * @param nearRow its row at the near point
   * @param farRow its row at the far point
   * @param lateNanos how long it arrives after the first segment that overtook it
   * @param byFin whether that is a FIN without data
   */
  private record Overtaken(int nearRow, int farRow, long lateNanos, boolean byFin) {
    Occurrence occurrence(Passage passage) {
      return passage
          .occurrence(nearRow, farRow)
          .saying(
              "arrives "
                  + Spans.text(lateNanos)
                  + (byFin
                      ? " after the FIN that was sent after it"
                      : " after one that was sent later"))
          .with(Facts.NONE.and("late_ms", lateNanos / 1e6));
    }
  }

  /** Segments that arrived later than all that were sent before them, in that order. */
  private static final class Leaders {
    private final SegmentTable sent;
    private int[] nearRow = new int[16];
    private int[] farRow = new int[16];
    private long[] start = new long[16];
    private int size;

    Leaders(SegmentTable sent) {
      this.sent = sent;
    }

    void add(int near, int far, long from) {
      if (size == nearRow.length) {
        nearRow = Arrays.copyOf(nearRow, 2 * size);
        farRow = Arrays.copyOf(farRow, 2 * size);
        start = Arrays.copyOf(start, 2 * size);
      }
      nearRow[size] = near;
      farRow[size] = far;
      start[size++] = from;
    }

    /** The row of the first that arrived before a segment and was sent after it; -1 for none. */
    int overtaking(int near, long from) {
      if (size == 0 || !isBefore(near, from, size - 1)) {
        return -1;
      }
      int low = 0;
      int high = size - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (isBefore(near, from, middle)) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return farRow[low];
    }

    /** Whether a segment was sent before another one, or is an earlier part of the same segment. */
    private boolean isBefore(int near, long from, int leader) {
      int other = nearRow[leader];
      return near == other
          ? from < start[leader]
          : near < other && sent.timeNanos(near) < sent.timeNanos(other);
    }
  }

  private static List<Overtaken> overtaken(Passage passage) {
    Alignment.Sightings far = passage.alignment().far();
    if (isInOrder(far, passage.far().firstClosingRow())) {
      return List.of();
    }
    SegmentTable arrived = passage.far().table();
    Leaders leaders = new Leaders(passage.near().table());
    Optional<LoneFin> fin = LoneFin.of(passage);
    int finRow = fin.map(LoneFin::farRow).orElse(Integer.MAX_VALUE);
    List<Overtaken> found = new ArrayList<>();
    for (int i = 0; i < far.size(); i++) {
      int near = far.peerRow()[i];
      int row = far.row()[i];
      if (row > finRow) {
        if (leaders.overtaking(fin.get().nearRow(), Long.MAX_VALUE) < 0) {
          leaders.add(fin.get().nearRow(), finRow, Long.MAX_VALUE);
        }
        finRow = Integer.MAX_VALUE;
      }
      if (near < 0) {
        continue;
      }
      int by = leaders.overtaking(near, far.start()[i]);
      if (by < 0) {
        leaders.add(near, row, far.start()[i]);
      } else if (arrived.timeNanos(row) > arrived.timeNanos(by)) {
        long lateNanos = arrived.timeNanos(row) - arrived.timeNanos(by);
        boolean byFin = fin.isPresent() && by == fin.get().farRow();
        found.add(new Overtaken(near, row, lateNanos, byFin));
      }
    }
    return found;
  }

  /** As nearly all are: each was sent after the one before it, and no data comes after a FIN. */
  private static boolean isInOrder(Alignment.Sightings far, int closingRow) {
    int last = -1;
    for (int sent : far.peerRow()) {
      if (sent >= 0 && sent <= last) {
        return false;
      }
      last = Math.max(last, sent);
    }
    return closingRow < 0 || far.size() == 0 || closingRow > far.row()[far.size() - 1];
  }

  /**
   * The first FIN that arrives, where it carries no data and data arrives after it.
   *
   * @param nearRow its row at the near point
   * @param farRow its row at the far point
   */
  private record LoneFin(int nearRow, int farRow) {
    static Optional<LoneFin> of(Passage passage) {
      Alignment.Sightings far = passage.alignment().far();
      int last = far.size() == 0 ? -1 : far.row()[far.size() - 1];
      int arrived = next(passage.far(), passage.far().firstClosingRow());
      if (arrived < 0 || arrived > last) {
        return Optional.empty();
      }
      int sent = sent(passage, arrived);
      return sent < 0 ? Optional.empty() : Optional.of(new LoneFin(sent, arrived));
    }

    /** The transmission with the same IP ID; without one, the first. */
    private static int sent(Passage passage, int arrived) {
      SegmentTable table = passage.near().table();
      int ipId = passage.far().table().ipId(arrived);
      int first = next(passage.near(), passage.near().firstClosingRow());
      for (int row = first; row >= 0 && ipId > 0; row = next(passage.near(), table.next(row))) {
        if (table.ipId(row) == ipId) {
          return row;
        }
      }
      return first;
    }

    /** From a row on, the first FIN without data. */
    private static int next(Flow flow, int from) {
      SegmentTable table = flow.table();
      int row = from;
      while (row >= 0
          && ((table.flags(row) & (TcpFlags.FIN | TcpFlags.RST)) != TcpFlags.FIN
              || table.payloadBytes(row) > 0)) {
        row = table.next(row);
      }
      return row;
    }
  }
}
