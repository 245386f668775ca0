package org.mssbridge.pairing;

import java.util.Arrays;
import org.mssbridge.flow.LongList;

/**
 * Finds the offset between two clocks when no pair is known: among all differences between start
 * times in the first capture and in the second, the true offset occurs for every connection, others
 * only by chance.
 */
final class OffsetSearch {
  private static final long[] WIDTHS_NANOS = {200_000, 1_000_000, 5_000_000, 25_000_000};
  private static final int MAX_DIFFERENCES = 1 << 21;
  private static final int[] GROUP_LIMITS = {8, 64, 1 << 20};

  /** The evidence in bits that the peak needs against being there by chance. */
  private static final double MIN_BITS = 12;

  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final LongList differences = new LongList();

  private OffsetSearch(Fingerprints firstSide, Fingerprints secondSide) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
  }

  /** A common time from the clearest peak; null where there is none. */
  static CommonTime search(Fingerprints firstSide, Fingerprints secondSide, FeatureIndex index) {
    boolean[] noneOfFirst = new boolean[firstSide.size];
    boolean[] noneOfSecond = new boolean[secondSide.size];
    for (int limit : GROUP_LIMITS) {
      OffsetSearch search = new OffsetSearch(firstSide, secondSide);
      for (FeatureKind kind : FeatureKind.values()) {
        if (index.isKey(kind)) {
          index.forEachGroup(
              kind,
              noneOfFirst,
              noneOfSecond,
              (key, firsts, seconds) -> search.add(firsts, seconds, limit));
        }
      }
      CommonTime found = search.peak();
      if (found != null) {
        return found;
      }
    }
    OffsetSearch search = new OffsetSearch(firstSide, secondSide);
    search.add(all(firstSide.size), all(secondSide.size), Integer.MAX_VALUE);
    return search.peak();
  }

  private static int[] all(int size) {
    int[] all = new int[size];
    Arrays.setAll(all, i -> i);
    return all;
  }

  private void add(int[] firstMembers, int[] secondMembers, int limit) {
    if (firstMembers.length > limit || secondMembers.length > limit) {
      return;
    }
    int[] firsts = withSyn(firstSide, firstMembers);
    int[] seconds = withSyn(secondSide, secondMembers);
    long room = Math.max(0, MAX_DIFFERENCES - differences.size());
    if ((long) firsts.length * seconds.length <= room) {
      cross(firsts, 1, seconds, 1);
    } else if (room > 0) {
      cross(firsts, 1 + (int) (2L * firsts.length * seconds.length / room), seconds, 1);
      cross(firsts, 1, seconds, 1 + (int) (2L * firsts.length * seconds.length / room));
    }
  }

  private static int[] withSyn(Fingerprints side, int[] members) {
    return Arrays.stream(members).filter(member -> side.saw(member, Fingerprints.SYN)).toArray();
  }

  private void cross(int[] firsts, int firstStep, int[] seconds, int secondStep) {
    for (int i = 0; i < firsts.length; i += firstStep) {
      for (int j = 0; j < seconds.length; j += secondStep) {
        differences.add(secondSide.baseNanos[seconds[j]] - firstSide.baseNanos[firsts[i]]);
      }
    }
  }

  private CommonTime peak() {
    if (differences.size() < 2) {
      return null;
    }
    long[] sorted = differences.toArray();
    Arrays.sort(sorted);
    double bestBits = MIN_BITS;
    CommonTime best = null;
    for (long width : WIDTHS_NANOS) {
      Peak peak = Peak.of(sorted, width);
      if (peak.bits() >= bestBits && peak.isAlone()) {
        bestBits = peak.bits();
        best = CommonTime.constant(firstSide, secondSide, peak.middleNanos(), (double) width);
      }
    }
    return best;
  }

  /**
   * The fullest window: its middle, the number of differences in it, and that in the fullest window
   * elsewhere.
   */
  private record Peak(long middleNanos, int count, int next, double bits) {
    static Peak of(long[] sorted, long width) {
      int from = 0;
      int best = 0;
      int bestFrom = 0;
      for (int to = 0; to < sorted.length; to++) {
        while (sorted[to] - sorted[from] > width) {
          from++;
        }
        if (to - from + 1 > best) {
          best = to - from + 1;
          bestFrom = from;
        }
      }
      long middle = sorted[bestFrom + best / 2];
      int next = elsewhere(sorted, width, middle);
      double span = Math.max((double) width, (double) sorted[sorted.length - 1] - sorted[0]);
      return new Peak(middle, best, next, bits(best, sorted.length, width / span));
    }

    private static int elsewhere(long[] sorted, long width, long middle) {
      int from = 0;
      int next = 0;
      for (int to = 0; to < sorted.length; to++) {
        while (sorted[to] - sorted[from] > width) {
          from++;
        }
        boolean apart = sorted[to] < middle - 2 * width || sorted[from] > middle + 2 * width;
        if (apart) {
          next = Math.max(next, to - from + 1);
        }
      }
      return next;
    }

    /**
     * The evidence against chance, by the Poisson distribution of the further differences in a
     * window that begins at one of them.
     */
    private static double bits(int count, int all, double share) {
      double expected = all * share;
      int more = count - 1;
      if (more <= expected) {
        return 0;
      }
      double nats = more * (Math.log(more / expected) - 1) + expected;
      return nats / Math.log(2) - Bits.of(all);
    }

    /**
     * Whether no other peak is nearly as high. Connections at regular intervals also match when
     * shifted by one; then the offset is unknown.
     */
    boolean isAlone() {
      return 2 * next <= count;
    }
  }
}
