package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.flow.SegmentTable;

/**
 * A time in which nothing crosses a leg in a direction though it was sent again and again, and
 * after which segments cross as before: hardly the random loss of a queue.
 *
 * @param fromNanos when the first of the lost segments left, from the first packet of the near
 *     capture on
 * @param untilNanos when the last of them left
 * @param segments how many left and were lost, with and without data
 * @param frames their frames at the near point, in the order of time
 */
public record Outage(long fromNanos, long untilNanos, int segments, Set<Integer> frames) {
  private static final long LEAST_NANOS = 1_000_000_000L;

  public Outage {
    frames = Set.copyOf(frames);
  }

  /** How long it lasted at least. */
  public long nanos() {
    return untilNanos - fromNanos;
  }

  /** A segment that was lost. */
  private record Loss(long nearNanos, long farNanos, int frame) {}

  /** The outages of a leg, in the order of time. */
  public static List<Outage> of(Evidence evidence, List<Passage> passages) {
    List<Loss> losses = new ArrayList<>();
    for (Passage passage : passages) {
      addLosses(evidence, passage, losses);
    }
    if (losses.isEmpty()) {
      return List.of();
    }
    losses.sort(Comparator.comparingLong(Loss::farNanos));
    Between crossings = Between.of(losses, passages);
    long startNanos =
        passages.get(0).pair().nearCapture(passages.get(0).direction()).extent().firstNanos();
    List<Outage> outages = new ArrayList<>();
    long total = crossings.total();
    int firstCrossing = crossings.first();
    int lastCrossing = crossings.last();
    int first = 0;
    while (first < losses.size()) {
      int end = first + 1;
      while (end < losses.size() && !crossings.isAnyBefore(end)) {
        end++;
      }
      List<Loss> run = losses.subList(first, end);
      boolean crossesBeforeAndAfter = firstCrossing <= first && lastCrossing >= end;
      if (crossesBeforeAndAfter && isNoChance(run, losses.size(), total)) {
        outages.add(outage(run, startNanos));
      }
      first = end;
    }
    return outages;
  }

  /**
   * When segments of any connection arrive: how many before each loss and after the one before it,
   * and after the last.
   */
  @SuppressWarnings("ArrayRecordComponent") // One number per loss.
  private record Between(long[] arrivals) {
    static Between of(List<Loss> losses, List<Passage> passages) {
      long[] due = losses.stream().mapToLong(Loss::farNanos).toArray();
      long[] arrivals = new long[due.length + 1];
      for (Passage passage : passages) {
        SegmentTable far = passage.far().table();
        Alignment.Sightings data = passage.alignment().far();
        int next = 0;
        for (int row = passage.far().firstRow(); row >= 0; row = far.next(row)) {
          boolean isData = next < data.size() && data.row()[next] == row;
          int peer = isData ? data.peerRow()[next++] : -1;
          arrivals[countUntil(due, peer < 0 ? far.timeNanos(row) : dueNanos(passage, peer))]++;
        }
      }
      return new Between(arrivals);
    }

    /**
     * When a segment would arrive without a queue before it, as is reckoned for those that are
     * lost: what waits in a queue while later ones are lost left before them.
     */
    private static long dueNanos(Passage passage, int nearRow) {
      return passage.near().table().timeNanos(nearRow) + passage.delay().typicalNanos();
    }

    /** How many are due before that time. */
    private static int countUntil(long[] due, long nanos) {
      int from = 0;
      int to = due.length;
      while (from < to) {
        int middle = (from + to) >>> 1;
        if (due[middle] < nanos) {
          from = middle + 1;
        } else {
          to = middle;
        }
      }
      return from;
    }

    boolean isAnyBefore(int loss) {
      return arrivals[loss] > 0;
    }

    int first() {
      return IntStream.range(0, arrivals.length).filter(this::isAnyBefore).findFirst().orElse(-1);
    }

    int last() {
      return IntStream.range(0, arrivals.length).filter(this::isAnyBefore).max().orElse(-1);
    }

    long total() {
      return LongStream.of(arrivals).sum();
    }
  }

  private static boolean isNoChance(List<Loss> run, int losses, long arrivals) {
    Tries tries = new Tries();
    run.forEach(loss -> tries.add(loss.farNanos()));
    return run.get(run.size() - 1).farNanos() - run.get(0).farNanos() >= LEAST_NANOS
        && tries.isNoChance(losses - run.size(), arrivals);
  }

  private static Outage outage(List<Loss> run, long startNanos) {
    Set<Integer> frames = new HashSet<>();
    run.forEach(loss -> frames.add(loss.frame()));
    return new Outage(
        run.stream().mapToLong(Loss::nearNanos).min().orElseThrow() - startNanos,
        run.stream().mapToLong(Loss::nearNanos).max().orElseThrow() - startNanos,
        run.size(),
        frames);
  }

  private static void addLosses(Evidence evidence, Passage passage, List<Loss> losses) {
    Alignment alignment = passage.alignment();
    LostControl control = evidence.lostControl(passage);
    if (!passage.pair().isTimed() || alignment.lost().size() + control.frames().size() == 0) {
      return;
    }
    SegmentTable table = passage.near().table();
    Set<Integer> rows = new TreeSet<>();
    int crossedBytes = evidence.largestCrossedBytes(passage.pair(), passage.direction());
    for (int index : alignment.lost().index()) {
      int row = alignment.near().row()[index];
      // Of one that arrives in part, something crosses; a large one may be too large.
      if (alignment.near().peerRow()[index] < 0 && table.payloadBytes(row) <= crossedBytes) {
        rows.add(row);
      }
    }
    control.frames().forEach(frame -> rows.add(passage.near().rowOf(frame)));
    long delay = passage.delay().typicalNanos();
    int last = passage.far().lastRow();
    for (int row : rows) {
      long nanos = table.timeNanos(row);
      // What never crosses again is dropped for a reason of its connection.
      if (last >= 0 && passage.far().table().timeNanos(last) > nanos + delay) {
        losses.add(new Loss(nanos, nanos + delay, table.frame(row)));
      }
    }
  }
}
