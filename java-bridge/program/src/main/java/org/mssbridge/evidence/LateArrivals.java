package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.mssbridge.alignment.Alignment;

/**
 * How long the receiver of a passage gets nothing in order because of lost bytes: from when all
 * before them is there until a repetition of them arrives. While other bytes are missing before
 * them, nobody waits for these.
 */
public final class LateArrivals {
  private LateArrivals() {}

  /**
   * The waits.
   *
   * @return for each range of {@link Alignment#lost()} how long its first byte keeps the receiver
   *     waiting, by the near clock; 0 where it arrived before, where no repetition arrives or
   *     packets have no time
   */
  public static long[] waitsNanos(Passage passage) {
    Alignment.Ranges lost = passage.alignment().lost();
    long[] waits = new long[lost.size()];
    if (!passage.pair().isTimed() || lost.size() == 0) {
      return waits;
    }
    Integer[] inOrder = IntStream.range(0, lost.size()).boxed().toArray(Integer[]::new);
    Arrays.sort(inOrder, Comparator.comparingLong(range -> lost.start()[range]));
    InOrder received = new InOrder(passage, firstArrivals(passage));
    for (int range : inOrder) {
      long leftNanos = received.nearNanos(lost.index()[range]);
      waits[range] = received.waitNanos(lost.start()[range], leftNanos);
    }
    return waits;
  }

  /** The transmission with which each byte arrives first, of those after the first loss. */
  private static LatestRanges firstArrivals(Passage passage) {
    Alignment.Ranges lost = passage.alignment().lost();
    Alignment.Sightings near = passage.alignment().near();
    LatestRanges arrivals = new LatestRanges();
    Set<Integer> passed = new HashSet<>(); // Those that the far capture lacks and that may arrive.
    IntStream.of(passage.alignment().missed().index()).forEach(passed::add);
    IntStream.of(passage.alignment().unknown().index()).forEach(passed::add);
    int range = lost.size() - 1;
    for (int index = near.size() - 1; index >= lost.index()[0]; index--) {
      boolean arrives = near.peerRow()[index] >= 0 || passed.contains(index);
      long end = near.start()[index] + passage.near().table().payloadBytes(near.row()[index]);
      for (; range >= 0 && lost.index()[range] == index; range--) {
        if (arrives) {
          arrivals.put(lost.end()[range], end, index);
        }
        end = lost.start()[range];
      }
      if (arrives) {
        arrivals.put(near.start()[index], end, index);
      }
    }
    return arrivals;
  }

  /** The receiver's stream, asked for positions in their order. */
  private static final class InOrder {
    private final Passage passage;
    private final List<Arrival> arrivals = new ArrayList<>();
    private int next;

    /** When all before {@link #next} has arrived. */
    private long completeNanos = Long.MIN_VALUE;

    /** Bytes that arrive together first, and when they left. */
    private record Arrival(long start, long end, long nanos) {}

    InOrder(Passage passage, LatestRanges firstArrivals) {
      this.passage = passage;
      firstArrivals.forEach(
          (start, end, index) -> arrivals.add(new Arrival(start, end, nearNanos(index))));
    }

    long nearNanos(int index) {
      return passage.near().table().timeNanos(passage.alignment().near().row()[index]);
    }

    long waitNanos(long position, long leftNanos) {
      while (next < arrivals.size() && arrivals.get(next).end() <= position) {
        completeNanos = Math.max(completeNanos, arrivals.get(next).nanos());
        next++;
      }
      if (next == arrivals.size() || arrivals.get(next).start() > position) {
        return 0;
      }
      Arrival arrival = arrivals.get(next);
      long beforeNanos =
          arrival.start() < position ? Math.max(completeNanos, arrival.nanos()) : completeNanos;
      return Math.max(0, arrival.nanos() - Math.max(leftNanos, beforeNanos));
    }
  }
}
