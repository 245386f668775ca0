package org.mssbridge.pairing;

import java.util.Arrays;
import org.mssbridge.flow.LongList;

/**
 * Finds the offset between two clocks when no pair is known: of all differences between beginnings
 * at the left and at the right, the true offset comes back with every connection, others by chance.
 */
final class OffsetSearch {
  private static final long[] WIDTHS_NANOS = {200_000, 1_000_000, 5_000_000, 25_000_000};
  private static final int MOST_DIFFERENCES = 1 << 21;
  private static final int[] GROUP_LIMITS = {8, 64, 1 << 20};

  /** How unlikely it has to be that chance made the peak, in bits. */
  private static final double LEAST_BITS = 12;

  private final Fingerprints left;
  private final Fingerprints right;
  private final LongList differences = new LongList();

  private OffsetSearch(Fingerprints left, Fingerprints right) {
    this.left = left;
    this.right = right;
  }

  /** A time for both by the clearest peak; null where there is none. */
  static CommonTime search(Fingerprints left, Fingerprints right, FeatureIndex index) {
    boolean[] noLeft = new boolean[left.size];
    boolean[] noRight = new boolean[right.size];
    for (int limit : GROUP_LIMITS) {
      OffsetSearch search = new OffsetSearch(left, right);
      for (FeatureKind kind : FeatureKind.values()) {
        if (index.isKey(kind)) {
          index.forEachGroup(kind, noLeft, noRight, (key, a, b) -> search.add(a, b, limit));
        }
      }
      CommonTime found = search.peak();
      if (found != null) {
        return found;
      }
    }
    OffsetSearch search = new OffsetSearch(left, right);
    search.add(all(left.size), all(right.size), Integer.MAX_VALUE);
    return search.peak();
  }

  private static int[] all(int size) {
    int[] all = new int[size];
    Arrays.setAll(all, i -> i);
    return all;
  }

  private void add(int[] ours, int[] theirs, int limit) {
    if (ours.length > limit || theirs.length > limit) {
      return;
    }
    long room = Math.max(0, MOST_DIFFERENCES - differences.size());
    if ((long) ours.length * theirs.length <= room) {
      cross(ours, 1, theirs, 1);
    } else if (room > 0) {
      cross(ours, 1 + (int) (2L * ours.length * theirs.length / room), theirs, 1);
      cross(ours, 1, theirs, 1 + (int) (2L * ours.length * theirs.length / room));
    }
  }

  private void cross(int[] ours, int step, int[] theirs, int otherStep) {
    for (int i = 0; i < ours.length; i += step) {
      for (int j = 0; j < theirs.length; j += otherStep) {
        if (begins(left, ours[i]) && begins(right, theirs[j])) {
          differences.add(right.baseNanos[theirs[j]] - left.baseNanos[ours[i]]);
        }
      }
    }
  }

  private static boolean begins(Fingerprints side, int connection) {
    return side.eventMicros[Fingerprints.EVENTS * connection + Fingerprints.SYN] >= 0;
  }

  private CommonTime peak() {
    if (differences.size() < 2) {
      return null;
    }
    long[] sorted = differences.toArray();
    Arrays.sort(sorted);
    double bestBits = LEAST_BITS;
    CommonTime best = null;
    for (long width : WIDTHS_NANOS) {
      Peak peak = Peak.of(sorted, width);
      if (peak.bits() >= bestBits && peak.isAlone()) {
        bestBits = peak.bits();
        best = CommonTime.constant(left, right, peak.middleNanos(), (double) width);
      }
    }
    return best;
  }

  /** The fullest window, how many differences are in it, and in the fullest one elsewhere. */
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

    /** Poisson: a window that begins at any of the differences has that many more by chance. */
    private static double bits(int count, int all, double share) {
      double expected = all * share;
      int more = count - 1;
      if (more <= expected) {
        return 0;
      }
      double nats = more * (Math.log(more / expected) - 1) + expected;
      return nats / Math.log(2) - PairScore.log2(all);
    }

    /** Connections at an even beat also meet when shifted by one: then nothing is known. */
    boolean isAlone() {
      return 2 * next <= count;
    }
  }
}
