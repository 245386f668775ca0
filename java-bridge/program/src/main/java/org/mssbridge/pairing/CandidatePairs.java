package org.mssbridge.pairing;

import java.util.Arrays;
import org.mssbridge.flow.LongList;

/** Pairs that are worth comparing; their number grows with the connections, not their square. */
final class CandidatePairs {
  /** Groups of a key with more pairs than this are not paired out. */
  private static final int MOST_PAIRS_OF_A_KEY = 64;

  /** Of larger groups, that many nearest in time in each direction. */
  private static final int NEIGHBOURS = 3;

  private final FeatureIndex index;
  private final CommonTime time;
  private final boolean[] leftTaken;
  private final boolean[] rightTaken;
  private final LongList pairs = new LongList();
  private final int[] leftRank;
  private final int[] rightRank;

  private CandidatePairs(
      FeatureIndex index, CommonTime time, boolean[] leftTaken, boolean[] rightTaken) {
    this.index = index;
    this.time = time;
    this.leftTaken = leftTaken;
    this.rightTaken = rightTaken;
    leftRank = time == null ? null : ranks(time.leftNanos);
    rightRank = time == null ? null : ranks(time.rightNanos);
  }

  /**
   * Those of connections that are not taken.
   *
   * @param time null as long as the clocks cannot be compared
   * @return the left number in the upper half, the right one in the lower; ascending
   */
  static long[] of(FeatureIndex index, CommonTime time, boolean[] leftTaken, boolean[] rightTaken) {
    return new CandidatePairs(index, time, leftTaken, rightTaken).collect();
  }

  private long[] collect() {
    for (FeatureKind kind : FeatureKind.values()) {
      if (index.isKey(kind)) {
        index.forEachGroup(kind, leftTaken, rightTaken, this::add);
      }
    }
    if (time != null) {
      addNearest(free(leftTaken), free(rightTaken));
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

  private void add(long key, int[] ours, int[] theirs) {
    if ((long) ours.length * theirs.length <= MOST_PAIRS_OF_A_KEY) {
      for (int l : ours) {
        for (int r : theirs) {
          pairs.add(pair(l, r));
        }
      }
    } else if (time != null) {
      addNearest(ours, theirs);
    }
  }

  static long pair(int l, int r) {
    return ((long) l << 32) | r;
  }

  private void addNearest(int[] ours, int[] theirs) {
    int[] lefts = inOrder(ours, leftRank);
    int[] rights = inOrder(theirs, rightRank);
    int at = 0;
    for (int l : lefts) {
      while (at < rights.length && time.rightNanos[rights[at]] < time.leftNanos[l]) {
        at++;
      }
      int end = Math.min(rights.length, at + NEIGHBOURS);
      for (int i = Math.max(0, at - NEIGHBOURS); i < end; i++) {
        pairs.add(pair(l, rights[i]));
      }
    }
    at = 0;
    for (int r : rights) {
      while (at < lefts.length && time.leftNanos[lefts[at]] < time.rightNanos[r]) {
        at++;
      }
      int end = Math.min(lefts.length, at + NEIGHBOURS);
      for (int i = Math.max(0, at - NEIGHBOURS); i < end; i++) {
        pairs.add(pair(lefts[i], r));
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

  /** Each connection's place in the order of time; equal times have equal ranks. */
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
