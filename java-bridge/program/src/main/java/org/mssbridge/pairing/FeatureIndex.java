package org.mssbridge.pairing;

import java.util.Arrays;

/**
 * Finds the connections of two captures that share a feature, with sorted keys and no object per
 * connection.
 */
final class FeatureIndex {
  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final int indexBits;
  private final boolean[] accidental = new boolean[FeatureKind.COUNT];
  private final int[] onBothSides = new int[FeatureKind.COUNT];

  /** For each kind, the ascending {@link #key keys} of all features of a side. */
  private final long[][] firstKeys;

  private final long[][] secondKeys;

  FeatureIndex(Fingerprints firstSide, Fingerprints secondSide) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
    int largest = Math.max(firstSide.size, secondSide.size);
    indexBits = Math.max(6, Integer.SIZE - Integer.numberOfLeadingZeros(largest));
    firstKeys = keys(firstSide);
    secondKeys = keys(secondSide);
    // Each kind has separate features, so the threads do not write to the same ones.
    Arrays.stream(FeatureKind.values()).parallel().forEach(this::countShared);
  }

  /** Receives the connections of both sides that share one value. */
  interface Group {
    /**
     * Receives one group. The members are ascending connection numbers; one may occur twice. The
     * arrays are valid during the call only.
     *
     * @param key the shared value, as abbreviated by this index
     */
    void accept(long key, int[] firstMembers, int[] secondMembers);
  }

  /**
   * Reports every value of that kind that occurs on both sides.
   *
   * @param firstTaken connections of the first side that are left out
   * @param secondTaken likewise of the second side
   */
  void forEachGroup(FeatureKind kind, boolean[] firstTaken, boolean[] secondTaken, Group group) {
    long[] firsts = firstKeys[kind.index()];
    long[] seconds = secondKeys[kind.index()];
    int[] oneFirst = new int[1]; // Most values are of one connection.
    int[] oneSecond = new int[1];
    int i = 0;
    int j = 0;
    while (i < firsts.length && j < seconds.length) {
      long key = firsts[i] >>> indexBits;
      long secondKey = seconds[j] >>> indexBits;
      if (key < secondKey) {
        i++;
      } else if (key > secondKey) {
        j++;
      } else {
        int firstFrom = i;
        int secondFrom = j;
        i = endOf(firsts, i);
        j = endOf(seconds, j);
        int[] firstMembers = members(firsts, firstFrom, i, firstTaken, oneFirst);
        int[] secondMembers = members(seconds, secondFrom, j, secondTaken, oneSecond);
        if (firstMembers.length > 0 && secondMembers.length > 0) {
          group.accept(key, firstMembers, secondMembers);
        }
      }
    }
  }

  /** Stores with each feature how many connections have it, on the side where more do. */
  private void countShared(FeatureKind kind) {
    Arrays.sort(firstKeys[kind.index()]);
    Arrays.sort(secondKeys[kind.index()]);
    forEachGroup(
        kind,
        new boolean[firstSide.size],
        new boolean[secondSide.size],
        (key, firsts, seconds) -> {
          onBothSides[kind.index()] += Math.min(firsts.length, seconds.length);
          int count = Math.max(firsts.length, seconds.length);
          if (count > 1) {
            byte shared = (byte) Math.round(4 * Bits.of(count));
            note(firstSide, kind, firsts, key, shared);
            note(secondSide, kind, seconds, key, shared);
          }
        });
    accidental[kind.index()] = kind.isShort() && !isMostlyShared(kind);
  }

  /** Whether connections that agree in it are worth comparing, and do not agree by chance. */
  boolean isKey(FeatureKind kind) {
    return kind.isKey() && !isAccidental(kind);
  }

  /** Whether it is so short, and shared by so few, that agreement may be chance. */
  boolean isAccidental(FeatureKind kind) {
    return accidental[kind.index()];
  }

  /**
   * Whether most connections share it. Some 16-bit values are equal by chance; where devices keep
   * the value, most are equal.
   */
  private boolean isMostlyShared(FeatureKind kind) {
    return 2 * countOnBothSides(kind) >= Math.min(firstSide.size, secondSide.size);
  }

  /** The most connections that can agree in that kind with one of the other side. */
  int countOnBothSides(FeatureKind kind) {
    return onBothSides[kind.index()];
  }

  private void note(Fingerprints side, FeatureKind kind, int[] members, long key, byte shared) {
    for (int member : members) {
      int i = side.start[member];
      int end = side.start[member + 1];
      while (i < end && Fingerprints.kind(side.features[i]) < kind.index()) {
        i++;
      }
      for (; i < end && Fingerprints.kind(side.features[i]) == kind.index(); i++) {
        if (key(side.features[i], 0) >>> indexBits == key) {
          side.shared[i] = shared;
        }
      }
    }
  }

  private long[][] keys(Fingerprints side) {
    int[] counts = new int[FeatureKind.COUNT];
    for (int i = 0; i < side.start[side.size]; i++) {
      counts[Fingerprints.kind(side.features[i])]++;
    }
    long[][] keys = new long[FeatureKind.COUNT][];
    for (int kind = 0; kind < keys.length; kind++) {
      keys[kind] = new long[counts[kind]];
    }
    for (int connection = side.size - 1; connection >= 0; connection--) {
      for (int i = side.start[connection]; i < side.start[connection + 1]; i++) {
        int kind = Fingerprints.kind(side.features[i]);
        keys[kind][--counts[kind]] = key(side.features[i], connection);
      }
    }
    return keys;
  }

  /**
   * The upper bits of the value, then the connection's number. Of a million values, few are equal
   * by chance.
   */
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

  /**
   * @param one is used where there is one member
   */
  private int[] members(long[] keys, int from, int end, boolean[] taken, int[] one) {
    int[] members = end - from == 1 ? one : new int[end - from];
    int count = 0;
    for (int i = from; i < end; i++) {
      int member = (int) (keys[i] & ((1L << indexBits) - 1));
      if (!taken[member]) {
        members[count++] = member;
      }
    }
    return count == members.length ? members : Arrays.copyOf(members, count);
  }
}
