package org.mssbridge.pairing;

import java.util.Arrays;
import org.mssbridge.flow.LongList;

/**
 * Pairs that are worth comparing; their number grows with that of the connections, not with its
 * square.
 */
final class CandidatePairs {
  /** Groups with more pairs than this do not give all of their pairs. */
  private static final int MAX_PAIRS_OF_A_KEY = 64;

  /** Larger groups give this many pairs for each member, nearest in time, on each side. */
  private static final int NEIGHBOURS = 3;

  private final FeatureIndex index;
  private final CommonTime time;
  private final boolean[] firstTaken;
  private final boolean[] secondTaken;
  private final LongList pairs = new LongList();

  /** For each connection of the first capture, the one that it was paired with last, or -1. */
  private final int[] latest;

  private final int[] firstRank;
  private final int[] secondRank;

  private CandidatePairs(
      FeatureIndex index, CommonTime time, boolean[] firstTaken, boolean[] secondTaken) {
    this.index = index;
    this.time = time;
    this.firstTaken = firstTaken;
    this.secondTaken = secondTaken;
    latest = new int[firstTaken.length];
    Arrays.fill(latest, -1);
    firstRank = time == null ? null : ranks(time.firstBaseNanos);
    secondRank = time == null ? null : ranks(time.secondBaseNanos);
  }

  /**
   * The candidate pairs of the connections that are not taken.
   *
   * @param time null while the clocks cannot be compared
   * @return {@link PackedPair packed} and ascending
   */
  static long[] of(
      FeatureIndex index, CommonTime time, boolean[] firstTaken, boolean[] secondTaken) {
    return new CandidatePairs(index, time, firstTaken, secondTaken).collect();
  }

  private long[] collect() {
    for (FeatureKind kind : FeatureKind.values()) {
      if (index.isKey(kind)) {
        index.forEachGroup(kind, firstTaken, secondTaken, this::add);
      }
    }
    if (time != null) {
      addNearest(free(firstTaken), free(secondTaken));
    }
    long[] all = pairs.toArray();
    Arrays.sort(all);
    int unique = 0;
    for (int i = 0; i < all.length; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[unique++] = all[i];
      }
    }
    return Arrays.copyOf(all, unique);
  }

  private static int[] free(boolean[] taken) {
    int[] free = new int[taken.length];
    int count = 0;
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i]) {
        free[count++] = i;
      }
    }
    return Arrays.copyOf(free, count);
  }

  /** Most pairs share several features and nothing with others: they are added once. */
  private void add(int first, int second) {
    if (latest[first] != second) {
      latest[first] = second;
      pairs.add(PackedPair.of(first, second));
    }
  }

  private void add(long key, int[] firsts, int[] seconds) {
    if ((long) firsts.length * seconds.length <= MAX_PAIRS_OF_A_KEY) {
      for (int first : firsts) {
        for (int second : seconds) {
          add(first, second);
        }
      }
    } else if (time != null) {
      addNearest(firsts, seconds);
    }
  }

  private void addNearest(int[] firstMembers, int[] secondMembers) {
    int[] firsts = inOrder(firstMembers, firstRank);
    int[] seconds = inOrder(secondMembers, secondRank);
    int at = 0;
    for (int first : firsts) {
      while (at < seconds.length
          && time.secondBaseNanos[seconds[at]] < time.firstBaseNanos[first]) {
        at++;
      }
      int end = Math.min(seconds.length, at + NEIGHBOURS);
      for (int i = Math.max(0, at - NEIGHBOURS); i < end; i++) {
        add(first, seconds[i]);
      }
    }
    at = 0;
    for (int second : seconds) {
      while (at < firsts.length && time.firstBaseNanos[firsts[at]] < time.secondBaseNanos[second]) {
        at++;
      }
      int end = Math.min(firsts.length, at + NEIGHBOURS);
      for (int i = Math.max(0, at - NEIGHBOURS); i < end; i++) {
        add(firsts[i], second);
      }
    }
  }

  private static int[] inOrder(int[] members, int[] rank) {
    long[] packed = new long[members.length];
    for (int i = 0; i < members.length; i++) {
      packed[i] = ((long) rank[members[i]] << 32) | members[i];
    }
    Arrays.sort(packed);
    int[] ordered = new int[members.length];
    for (int i = 0; i < members.length; i++) {
      ordered[i] = (int) packed[i];
    }
    return ordered;
  }

  /** The rank of each connection in time order; equal times have equal ranks. */
  private static int[] ranks(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int[] ranks = new int[nanos.length];
    for (int i = 0; i < nanos.length; i++) {
      ranks[i] = Arrays.binarySearch(sorted, nanos[i]);
    }
    return ranks;
  }
}
