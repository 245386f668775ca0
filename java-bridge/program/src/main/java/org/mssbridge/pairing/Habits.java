package org.mssbridge.pairing;

/**
 * What the devices between two points do to addresses and TTLs, as known pairs show it: which
 * address becomes which, whether new ones are kept, and by how many hops TTLs differ. A pair that
 * does as the others do gains bits, one that does otherwise loses them.
 */
final class Habits {
  private static final double MAX_ADDRESS_BITS = 4;
  private static final double MAX_TTL_BITS = 3;

  private static final int UNKNOWN = Integer.MIN_VALUE;

  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final Translations secondOfFirst = new Translations();
  private final Translations firstOfSecond = new Translations();
  private final Seen keeping = new Seen();
  private final Seen hops = new Seen();
  private final Seen hopsOfOneWay = new Seen();

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
      secondOfFirst.add(a, b);
      firstOfSecond.add(b, a);
      keeping.add(a == b ? 1 : 0, 1);
      int drop = drop(first, second, swapped, end);
      if (drop != UNKNOWN) {
        hopsOfOneWay.add(drop, 1);
      }
    }
    long both = bothDrops(first, second, swapped);
    if (both != UNKNOWN) {
      hops.add(both, 1);
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
      double onward = secondOfFirst.bits(a, b, MAX_ADDRESS_BITS);
      double back = firstOfSecond.bits(b, a, MAX_ADDRESS_BITS);
      if (!Double.isNaN(onward)) {
        bits += Double.isNaN(back) ? onward : Math.min(onward, back);
      } else if (!Double.isNaN(back)) {
        bits += back;
      } else {
        bits += a == b ? keeping.bits(1, 1) : keeping.bits(0, 1);
      }
    }
    return bits;
  }

  /** Whether both addresses of a pair are those of known pairs. */
  boolean knowsAddresses(int first, int second, boolean swapped) {
    for (int end = 0; end < 2; end++) {
      if (!secondOfFirst.has(
          firstSide.address(first, end), secondSide.address(second, swapped ? 1 - end : end))) {
        return false;
      }
    }
    return true;
  }

  /** Whether known pairs have an address of the first point, and others one of the second. */
  boolean knows(long first, long second) {
    return secondOfFirst.knows(first) && firstOfSecond.knows(second);
  }

  /** Whether a known pair shows one address of the first point as the other at the second. */
  boolean translates(long first, long second) {
    return secondOfFirst.has(first, second);
  }

  private double ttlBits(int first, int second, boolean swapped) {
    long both = bothDrops(first, second, swapped);
    if (both != UNKNOWN && hops.isAny()) {
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
