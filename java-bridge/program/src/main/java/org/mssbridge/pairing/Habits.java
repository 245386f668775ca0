package org.mssbridge.pairing;

import java.util.HashMap;
import java.util.Map;

/**
 * What the devices between two points do to addresses and TTLs, as known pairs show it: which
 * address becomes which, whether new ones are kept, and by how many hops TTLs differ. A pair that
 * does as the others do gains bits, one that does otherwise loses them.
 */
final class Habits {
  private static final double MAX_ADDRESS_BITS = 4;
  private static final double MAX_TTL_BITS = 3;
  private static final double UNUSUAL_BITS = -9;

  /** How likely something new is after one case of something else. */
  private static final double NEW = 0.15;

  private static final int UNKNOWN = Integer.MIN_VALUE;

  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final Map<Long, Seen> secondOfFirst = new HashMap<>();
  private final Map<Long, Seen> firstOfSecond = new HashMap<>();
  private final Seen keeping = new Seen();
  private final Seen hops = new Seen();
  private final Seen hopsOfOneWay = new Seen();

  /** How often each value was seen. */
  private static final class Seen {
    /** Most addresses become one address only, so the first value needs no map. */
    private long firstValue;

    private int firstCount;

    /** Of all other values; null where there is none. */
    private Map<Long, Integer> others;

    private int total;

    void add(long value) {
      total++;
      if (firstCount == 0 || value == firstValue) {
        firstValue = value;
        firstCount++;
        return;
      }
      if (others == null) {
        others = new HashMap<>();
      }
      others.merge(value, 1, Integer::sum);
    }

    /** Bits for a value: up to {@code most} for what is usual, down to {@link #UNUSUAL_BITS}. */
    double bits(long value, double most) {
      if (total == 0) {
        return 0;
      }
      int count = count(value);
      if (count > 0) {
        return Math.max(0, most + Bits.of(count / (total + 1.0)));
      }
      int kinds = others == null ? 1 : 1 + others.size();
      double likely = kinds == 1 ? NEW / total : (kinds - 1 + NEW) / total;
      return Math.max(UNUSUAL_BITS, Math.min(0, Bits.of(likely)));
    }

    boolean has(long value) {
      return count(value) > 0;
    }

    private int count(long value) {
      if (firstCount > 0 && value == firstValue) {
        return firstCount;
      }
      return others == null ? 0 : others.getOrDefault(value, 0);
    }
  }

  private Habits(Fingerprints firstSide, Fingerprints secondSide) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
  }

  /** The habits that known pairs show; null where there is none. */
  static Habits of(Fingerprints firstSide, Fingerprints secondSide, KnownPairs pairs) {
    if (pairs.size() == 0) {
      return null;
    }
    Habits habits = new Habits(firstSide, secondSide);
    for (int i = 0; i < pairs.size(); i++) {
      habits.add(pairs.first(i), pairs.second(i), pairs.isSwapped(i));
    }
    return habits;
  }

  private void add(int first, int second, boolean swapped) {
    for (int end = 0; end < 2; end++) {
      long a = firstSide.address(first, end);
      long b = secondSide.address(second, swapped ? 1 - end : end);
      secondOfFirst.computeIfAbsent(a, key -> new Seen()).add(b);
      firstOfSecond.computeIfAbsent(b, key -> new Seen()).add(a);
      keeping.add(a == b ? 1 : 0);
      int drop = drop(first, second, swapped, end);
      if (drop != UNKNOWN) {
        hopsOfOneWay.add(drop);
      }
    }
    long both = bothDrops(first, second, swapped);
    if (both != UNKNOWN) {
      hops.add(both);
    }
  }

  /** Bits for the addresses and TTLs of a pair; below 0 where other pairs do otherwise. */
  double bits(int first, int second, boolean swapped) {
    return addressBits(first, second, swapped) + ttlBits(first, second, swapped);
  }

  private double addressBits(int first, int second, boolean swapped) {
    double bits = 0;
    for (int end = 0; end < 2; end++) {
      long a = firstSide.address(first, end);
      long b = secondSide.address(second, swapped ? 1 - end : end);
      Seen seconds = secondOfFirst.get(a);
      Seen firsts = firstOfSecond.get(b);
      if (seconds == null && firsts == null) {
        bits += a == b ? keeping.bits(1, 1) : keeping.bits(0, 1);
      } else {
        double least = seconds == null ? MAX_ADDRESS_BITS : seconds.bits(b, MAX_ADDRESS_BITS);
        bits += Math.min(least, firsts == null ? least : firsts.bits(a, MAX_ADDRESS_BITS));
      }
    }
    return bits;
  }

  /** Whether both addresses of a pair are those of known pairs. */
  boolean knowsAddresses(int first, int second, boolean swapped) {
    for (int end = 0; end < 2; end++) {
      Seen seconds = secondOfFirst.get(firstSide.address(first, end));
      if (seconds == null || !seconds.has(secondSide.address(second, swapped ? 1 - end : end))) {
        return false;
      }
    }
    return true;
  }

  /** Whether known pairs have an address of the first point, and others one of the second. */
  boolean knows(long first, long second) {
    return secondOfFirst.containsKey(first) && firstOfSecond.containsKey(second);
  }

  /** Whether a known pair shows one address of the first point as the other at the second. */
  boolean translates(long first, long second) {
    Seen seconds = secondOfFirst.get(first);
    return seconds != null && seconds.has(second);
  }

  private double ttlBits(int first, int second, boolean swapped) {
    long both = bothDrops(first, second, swapped);
    if (both != UNKNOWN && hops.total > 0) {
      return hops.bits(both, MAX_TTL_BITS);
    }
    double bits = 0;
    for (int end = 0; end < 2; end++) {
      int drop = drop(first, second, swapped, end);
      bits += drop == UNKNOWN ? 0 : hopsOfOneWay.bits(drop, MAX_TTL_BITS);
    }
    return bits;
  }

  /** Both drops in one number, the greater first: connections may start from either end. */
  private long bothDrops(int first, int second, boolean swapped) {
    int one = drop(first, second, swapped, 0);
    int other = drop(first, second, swapped, 1);
    return one == UNKNOWN || other == UNKNOWN
        ? UNKNOWN
        : Math.max(one, other) * 1000L + Math.min(one, other);
  }

  /** By how much the TTL of one end's packets is lower at the second point. */
  private int drop(int first, int second, boolean swapped, int end) {
    int one = firstSide.ttl(first, end);
    int other = secondSide.ttl(second, swapped ? 1 - end : end);
    return one < 0 || other < 0 ? UNKNOWN : one - other;
  }
}
