package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;

/** Packets of other protocols than TCP that arrive after some sent later (RFC 4737, section 3). */
final class ReorderedDatagrams {
  private ReorderedDatagrams() {}

  record Reordered(FlowLegs.Key across, int packets, long arrived, long latestNanos)
      implements Finding {
    @Override
    public Kind kind() {
      return PathReordered.KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%s sent %s %s overtaken %s, by up to %s",
          Words.part(packets, arrived, across.packet()),
          Words.way(across.leg()),
          packets == 1 ? "was" : "were",
          across.leg().between(),
          Spans.text(latestNanos));
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across.leg());
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("reordered_packets", packets)
          .and("arrived_packets", arrived)
          .and("latest_ms", latestNanos / 1e6);
    }

    @Override
    public String nextStep() {
      return "look for " + Words.OVERTAKING + " " + across.leg().between();
    }
  }

  static void check(Evidence evidence, Findings findings) {
    FlowLegs.of(evidence).forEach((key, passages) -> check(key, passages, findings));
  }

  private static void check(FlowLegs.Key key, List<FlowPassage> passages, Findings findings) {
    List<Occurrence> occurrences = new ArrayList<>();
    long arrived = 0;
    long latestNanos = 0;
    for (FlowPassage passage : passages) {
      arrived += passage.arrived();
      latestNanos = Math.max(latestNanos, addOvertaken(passage, occurrences));
    }
    if (!occurrences.isEmpty()) {
      findings.add(new Reordered(key, occurrences.size(), arrived, latestNanos), occurrences);
    }
  }

  /** The packets of a passage that surely are at both points, in the order of the far one. */
  private static final class Crossed {
    private final FlowPassage passage;
    private long[] farAndNear = new long[16];
    private int size;

    Crossed(FlowPassage passage) {
      this.passage = passage;
      passage.forEachCrossing(
          (near, far, isCertain) -> {
            if (isCertain) {
              add(near, far);
            }
          });
      Arrays.sort(farAndNear, 0, size);
    }

    private void add(int nearRow, int farRow) {
      if (size == farAndNear.length) {
        farAndNear = Arrays.copyOf(farAndNear, 2 * size);
      }
      farAndNear[size++] = (long) farRow << 32 | nearRow;
    }

    int near(int i) {
      return (int) farAndNear[i];
    }

    int far(int i) {
      return (int) (farAndNear[i] >>> 32);
    }

    long sentNanos(int i) {
      return passage.near().timeNanos(near(i));
    }

    long arrivedNanos(int i) {
      return passage.far().timeNanos(far(i));
    }
  }

  /** Adds those that arrive after a packet sent later; returns by how much the latest is late. */
  private static long addOvertaken(FlowPassage passage, List<Occurrence> occurrences) {
    Crossed crossed = new Crossed(passage);
    // Packets that arrived after all sent before them: later ones were sent later, too.
    int[] leaders = new int[crossed.size];
    int count = 0;
    long latestNanos = 0;
    for (int i = 0; i < crossed.size; i++) {
      int by = overtaking(crossed, leaders, count, i);
      if (by < 0) {
        leaders[count++] = i;
      } else if (crossed.arrivedNanos(i) > crossed.arrivedNanos(by)) {
        long lateNanos = crossed.arrivedNanos(i) - crossed.arrivedNanos(by);
        latestNanos = Math.max(latestNanos, lateNanos);
        String what = "arrives " + Spans.text(lateNanos) + " after one that was sent later";
        occurrences.add(FlowLegs.crossed(passage, crossed.near(i), crossed.far(i), what));
      }
    }
    return latestNanos;
  }

  /** The first that arrived before a packet and was sent after it; -1 for none. */
  private static int overtaking(Crossed crossed, int[] leaders, int count, int i) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean isLater =
          crossed.near(leaders[middle]) > crossed.near(i)
              && crossed.sentNanos(leaders[middle]) > crossed.sentNanos(i);
      if (isLater) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == count ? -1 : leaders[low];
  }
}
