package org.mssbridge.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often two places hold the same packet, and which of them is nearer the client. */
final class PlacePairs {
  private static final long STEADY_NANOS = 100_000_000;
  private static final double LEAST_STEADY = 0.6;
  private static final int MOST_TIMED = 256;

  /** A hostile file can have any number of places, each of which shares packets with all others. */
  private static final int MOST_PAIRS = 1 << 14;

  private final Map<Long, Pair> pairs = new HashMap<>();

  /** Two places that hold the same packets. */
  static final class Pair {
    private final int first;
    private final int second;
    private int shared;
    private int sharedHandshakes;
    private long[] nanosApart = new long[8];
    private int timed;
    private int byHandshake;
    private int byPorts;

    private Pair(int first, int second) {
      this.first = first;
      this.second = second;
    }

    int first() {
      return first;
    }

    int second() {
      return second;
    }

    /** The number of packets that both hold. */
    int shared() {
      return shared;
    }

    /** How many of them are SYNs or SYN/ACKs. */
    int sharedHandshakes() {
      return sharedHandshakes;
    }

    private void time(long nanos) {
      if (timed == nanosApart.length && timed < MOST_TIMED) {
        nanosApart = Arrays.copyOf(nanosApart, 2 * timed);
      }
      if (timed < nanosApart.length) {
        nanosApart[timed++] = nanos;
      }
    }

    /**
     * Whether most packets take about the same time from one place to the other, as far as clocks
     * that differ allow to say: a segment that is sent again to another place does not.
     */
    boolean isSteady() {
      long[] sorted = Arrays.copyOf(nanosApart, timed);
      Arrays.sort(sorted);
      long median = sorted[timed / 2];
      long near = Arrays.stream(sorted).filter(n -> Math.abs(n - median) < STEADY_NANOS).count();
      return near >= LEAST_STEADY * timed;
    }

    /** Above 0 if the first place is nearer the client; 0 if nothing tells. */
    int firstIsNearer() {
      return byHandshake != 0 ? byHandshake : byPorts;
    }
  }

  /**
   * Adds a packet that two places hold.
   *
   * @param isHandshake whether it tells for certain who the client is
   * @param nanos the time from the sighting at {@code one} to that at {@code other}
   * @param nearer which is nearer the client: below 0 {@code one}, above 0 {@code other}, 0 unknown
   */
  void add(int one, int other, boolean isHandshake, int nearer, long nanos) {
    int first = Math.min(one, other);
    int second = Math.max(one, other);
    long key = (long) first << 32 | second;
    if (pairs.size() >= MOST_PAIRS && !pairs.containsKey(key)) {
      return;
    }
    Pair pair = pairs.computeIfAbsent(key, k -> new Pair(first, second));
    pair.shared++;
    pair.time(one == first ? nanos : -nanos);
    int vote = one == first ? -nearer : nearer;
    if (isHandshake) {
      pair.sharedHandshakes++;
      pair.byHandshake += vote;
    } else {
      pair.byPorts += vote;
    }
  }

  List<Pair> all() {
    return new ArrayList<>(pairs.values());
  }
}
