package org.mssbridge.pairing;

import java.util.Arrays;

/** Which connections of two captures share a feature: sorted keys, no object for each of them. */
final class FeatureIndex {
  /** A count with which the longest of the short kinds has no bits left. */
  private static final int NO_BITS_SHARED = 1 << 12;

  private final Fingerprints left;
  private final Fingerprints right;
  private final int indexBits;
  private final boolean[] accidental = new boolean[FeatureKind.COUNT];

  FeatureIndex(Fingerprints left, Fingerprints right) {
    this.left = left;
    this.right = right;
    int largest = Math.max(left.size, right.size);
    indexBits = Math.max(6, Integer.SIZE - Integer.numberOfLeadingZeros(largest));
  }

  /** Takes the connections of both sides that share one value. */
  interface Group {
    /**
     * Members of a side are connection numbers, ascending; one may stand there twice.
     *
     * @param key what the group shares, as this index abbreviates it
     */
    void accept(long key, int[] leftMembers, int[] rightMembers);
  }

  /**
   * Every value of that kind that is on both sides.
   *
   * @param leftTaken connections of the left side that are left out
   * @param rightTaken likewise of the right side
   */
  void forEachGroup(FeatureKind kind, boolean[] leftTaken, boolean[] rightTaken, Group group) {
    long[] ours = keys(left, kind, leftTaken);
    long[] theirs = keys(right, kind, rightTaken);
    int i = 0;
    int j = 0;
    while (i < ours.length && j < theirs.length) {
      long key = ours[i] >>> indexBits;
      long other = theirs[j] >>> indexBits;
      if (key < other) {
        i++;
      } else if (key > other) {
        j++;
      } else {
        int from = i;
        int otherFrom = j;
        i = endOf(ours, i);
        j = endOf(theirs, j);
        group.accept(key, members(ours, from, i), members(theirs, otherFrom, j));
      }
    }
  }

  /** Notes on each feature how many connections of one side, the fuller one, have it. */
  void countShared() {
    // Each kind has features of its own, so that they do not come into each other's way.
    Arrays.stream(FeatureKind.values()).parallel().forEach(this::countShared);
  }

  private void countShared(FeatureKind kind) {
    accidental[kind.index()] = kind.isShort() && !isMostlyShared(kind);
    int byAccident = accidental[kind.index()] ? NO_BITS_SHARED : 1;
    forEachGroup(
        kind,
        new boolean[left.size],
        new boolean[right.size],
        (key, ours, theirs) -> {
          int count = Math.max(byAccident, Math.max(ours.length, theirs.length));
          if (count > 1) {
            byte shared = (byte) Math.round(4 * PairScore.log2(count));
            note(left, kind, ours, key, shared);
            note(right, kind, theirs, key, shared);
          }
        });
  }

  /** Whether connections that agree in it are worth comparing: not where that is an accident. */
  boolean isKey(FeatureKind kind) {
    return kind.isKey() && !accidental[kind.index()];
  }

  /** Of 16 bits, some are equal by accident; where devices keep a value, most have it. */
  private boolean isMostlyShared(FeatureKind kind) {
    return 2 * countOnBothSides(kind) >= Math.min(left.size, right.size);
  }

  /** How many connections at most can agree in that kind with one of the other side. */
  int countOnBothSides(FeatureKind kind) {
    int[] members = new int[1];
    forEachGroup(
        kind,
        new boolean[left.size],
        new boolean[right.size],
        (key, ours, theirs) -> members[0] += Math.min(ours.length, theirs.length));
    return members[0];
  }

  private void note(Fingerprints side, FeatureKind kind, int[] members, long key, byte shared) {
    for (int member : members) {
      for (int i = side.start[member]; i < side.start[member + 1]; i++) {
        long feature = side.features[i];
        if (Fingerprints.kind(feature) == kind.index() && key(feature, 0) >>> indexBits == key) {
          side.shared[i] = shared;
        }
      }
    }
  }

  private long[] keys(Fingerprints side, FeatureKind kind, boolean[] taken) {
    long[] keys = new long[side.size + 16];
    int count = 0;
    for (int connection = 0; connection < side.size; connection++) {
      for (int i = side.start[connection]; i < side.start[connection + 1]; i++) {
        if (Fingerprints.kind(side.features[i]) == kind.index() && !taken[connection]) {
          if (count == keys.length) {
            keys = Arrays.copyOf(keys, 2 * count);
          }
          keys[count++] = key(side.features[i], connection);
        }
      }
    }
    Arrays.sort(keys, 0, count);
    return Arrays.copyOf(keys, count);
  }

  /** The upper bits of the value, and the connection: of a million, few meet by accident. */
  private long key(long feature, int connection) {
    long value = feature & ((1L << Fingerprints.VALUE_BITS) - 1);
    int valueBits = Math.min(Fingerprints.VALUE_BITS, Long.SIZE - 1 - indexBits);
    return ((value >>> (Fingerprints.VALUE_BITS - valueBits)) << indexBits) | connection;
  }

  private int endOf(long[] keys, int from) {
    int end = from;
    while (end < keys.length && keys[end] >>> indexBits == keys[from] >>> indexBits) {
      end++;
    }
    return end;
  }

  private int[] members(long[] keys, int from, int end) {
    int[] members = new int[end - from];
    for (int i = from; i < end; i++) {
      members[i - from] = (int) (keys[i] & ((1L << indexBits) - 1));
    }
    return members;
  }
}
