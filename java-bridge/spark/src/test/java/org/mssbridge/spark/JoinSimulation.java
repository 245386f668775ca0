package org.mssbridge.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.mssbridge.discover.Candidates;
import org.mssbridge.discover.KeyTally;
import org.mssbridge.discover.SharedKeys;
import org.mssbridge.pairing.CaptureKey;

/**
 * Joins the keys of made-up captures, of which is known which saw the same connections: how many of
 * these pairs are found, how many others, and what it costs. {@code make simulate} runs it.
 *
 * <p>The world: pairs of taps, one on each side of a device; each tap begins a new capture every
 * ten minutes, at a time of its own. Between the taps, a third of the devices changes nothing, a
 * third are NATs, and a third are NATs that also rewrite the ISNs. Of the connections six in ten
 * are TLS, three send requests that thousands of others send too, one sends nothing; two thirds
 * have timestamps; one in twenty lives on in the next capture. A tenth of all that a capture holds
 * is background noise of the internet: probes of a few scanners, with the same ISN everywhere, and
 * SYNs with numbers of their own.
 */
final class JoinSimulation {
  private static final long SLOT_NANOS = 600_000_000_000L;
  private static final long START_NANOS = 1_700_000_000_000_000_000L;

  // Kinds of keys, by their number.
  private static final int TUPLE = 0;
  private static final int ISN = 1;
  private static final int TIMESTAMP = 2;
  private static final int DATA_TIMESTAMP = 3;
  private static final int TLS_RANDOM = 4;
  private static final int PAYLOAD = 5;

  private static final int COMMON_REQUESTS = 2_000;
  private static final int SCANNERS = 50;

  /**
   * How large it is.
   *
   * @param taps number of taps, an even one
   * @param slots number of captures of each tap
   * @param connections number of connections of each capture
   */
  private record World(int taps, int slots, int connections) implements Serializable {
    int captures() {
      return taps * slots;
    }

    long sightings() {
      return (long) captures() * connections;
    }

    /** When a tap begins its captures, within a slot. */
    long phaseNanos(int tap) {
      return new SplittableRandom(tap * 7919L).nextLong(SLOT_NANOS);
    }

    /** The slot of a tap that is open at a time; -1 before the first. */
    int slotAt(int tap, long nanos) {
      long since = nanos - START_NANOS - phaseNanos(tap);
      int slot = (int) Math.floorDiv(since, SLOT_NANOS);
      return slot >= 0 && slot < slots ? slot : -1;
    }

    /** The number of a capture in the order of time. */
    int number(int tap, int slot) {
      return slot * taps + rank(tap);
    }

    private int rank(int tap) {
      int rank = 0;
      for (int other = 0; other < taps; other++) {
        boolean isBefore =
            phaseNanos(other) < phaseNanos(tap)
                || (phaseNanos(other) == phaseNanos(tap) && other < tap);
        rank += isBefore ? 1 : 0;
      }
      return rank;
    }

    int tapOf(int number) {
      int rank = number % taps;
      for (int tap = 0; tap < taps; tap++) {
        if (rank(tap) == rank) {
          return tap;
        }
      }
      throw new IllegalArgumentException("no such capture");
    }

    int slotOf(int number) {
      return number / taps;
    }

    /** Of all connections of a pair of taps, those that begin in a slot of wall time. */
    int connectionsOfPair() {
      return connections * 9 / 10;
    }
  }

  private JoinSimulation() {}

  private static long mixed(long a, long b) {
    SplittableRandom random = new SplittableRandom(a * 0x9e3779b97f4a7c15L + b);
    random.nextLong();
    return random.nextLong();
  }

  private static long key(long kind, long value) {
    return (kind << (Long.SIZE - CaptureKey.KIND_BITS)) | (value >>> CaptureKey.KIND_BITS);
  }

  private static long isn(long seed) {
    return mixed(Integer.toUnsignedLong((int) mixed(seed, 1)), 3); // 32 bits, spread
  }

  private static long stamp(long seed) {
    return mixed(Integer.toUnsignedLong((int) mixed(seed, 2)), 4);
  }

  /** The keys of a capture. */
  private static long[] keys(World world, int number) {
    int tap = world.tapOf(number);
    int slot = world.slotOf(number);
    SharedKeys.OfCapture keys = new SharedKeys.OfCapture(number, world.sightings());
    long from = START_NANOS + world.phaseNanos(tap) + slot * SLOT_NANOS;
    int pair = tap / 2;
    // The connections of the pair are made in slots of wall time.
    long firstWall = Math.floorDiv(from - START_NANOS, SLOT_NANOS);
    for (long wall = firstWall - 1; wall <= firstWall + 1; wall++) {
      for (int i = 0; i < world.connectionsOfPair(); i++) {
        add(world, tap, slot, pair, wall, i, keys);
      }
    }
    SplittableRandom noise = new SplittableRandom(number * 31L + 5);
    for (int i = world.connectionsOfPair(); i < world.connections(); i++) {
      long nanos = from + noise.nextLong(SLOT_NANOS);
      if (i % 2 == 0) {
        int scanner = noise.nextInt(SCANNERS);
        keys.accept(key(ISN, isn(-1 - scanner)), nanos);
      } else {
        keys.accept(key(ISN, isn(noise.nextLong())), nanos);
      }
      keys.accept(key(TUPLE, noise.nextLong()), nanos);
    }
    return keys.toArray();
  }

  private static void add(
      World world, int tap, int slot, int pair, long wall, int i, SharedKeys.OfCapture keys) {
    long id = mixed(mixed(pair, wall), i);
    SplittableRandom traits = new SplittableRandom(id);
    long begin = START_NANOS + wall * SLOT_NANOS + traits.nextLong(SLOT_NANOS);
    boolean isLong = traits.nextInt(20) == 0;
    boolean isTls = traits.nextInt(10) < 6;
    boolean isSilent = !isTls && traits.nextInt(4) == 0;
    boolean hasStamps = traits.nextInt(3) > 0;
    int side = tap % 2;
    int device = pair % 3;
    boolean isNat = device > 0;
    boolean isRewriting = device == 2;
    long tuple = key(TUPLE, mixed(id, isNat ? 10 + side : 10));
    if (world.slotAt(tap, begin) == slot) {
      keys.accept(tuple, begin);
      for (int end = 0; end < 2; end++) {
        keys.accept(key(ISN, isn(id + end + (isRewriting ? 100L * side : 0))), begin);
        if (hasStamps) {
          keys.accept(key(TIMESTAMP, stamp(id + end)), begin);
        }
        if (isTls) {
          keys.accept(key(TLS_RANDOM, mixed(id, 20 + end)), begin);
          keys.accept(key(PAYLOAD, mixed(id, 30 + end)), begin);
        } else if (!isSilent) {
          keys.accept(key(PAYLOAD, mixed(-7, traits.nextInt(COMMON_REQUESTS))), begin);
        }
      }
    } else if (isLong && world.slotAt(tap, begin + SLOT_NANOS) == slot) {
      keys.accept(tuple, begin + SLOT_NANOS);
      if (hasStamps) {
        keys.accept(key(DATA_TIMESTAMP, mixed(id, 50)), begin + SLOT_NANOS);
      }
    }
  }

  /** The pairs of captures that saw the beginning of the same connection. */
  private static Set<Long> truth(World world) {
    Set<Long> pairs = new HashSet<>();
    for (int tap = 0; tap < world.taps(); tap += 2) {
      for (int slot = 0; slot < world.slots(); slot++) {
        long from = START_NANOS + world.phaseNanos(tap) + slot * SLOT_NANOS;
        for (long at : new long[] {from, from + SLOT_NANOS - 1}) {
          int other = world.slotAt(tap + 1, at);
          if (other >= 0) {
            int one = world.number(tap, slot);
            int two = world.number(tap + 1, other);
            pairs.add(((long) Math.min(one, two) << 32) | Math.max(one, two));
          }
        }
      }
    }
    return pairs;
  }

  /** The pairs of captures of one tap of which one follows the other. */
  private static boolean isSuccession(World world, Candidates.Pair pair) {
    return world.tapOf(pair.first()) == world.tapOf(pair.second())
        && Math.abs(world.slotOf(pair.first()) - world.slotOf(pair.second())) == 1;
  }

  public static void main(String[] arguments) {
    World world =
        new World(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]));
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("join")
            .set("spark.ui.enabled", "false")
            .set("spark.local.dir", System.getProperty("java.io.tmpdir"));
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < world.captures(); i++) {
        numbers.add(i);
      }
      int shares = KeyJoin.shares(world.sightings(), spark.defaultParallelism());
      int tasks = Math.max(2, world.captures() / 50);
      long made = System.nanoTime();
      long keys =
          spark
              .parallelize(numbers, tasks)
              .map(n -> (long) keys(world, n).length)
              .reduce(Long::sum);
      long joined = System.nanoTime();
      JavaPairRDD<Integer, long[]> divided =
          KeyJoin.divided(spark.parallelize(numbers, tasks).map(n -> keys(world, n)), shares);
      KeyTally tally = KeyJoin.tally(divided, shares);
      long end = System.nanoTime();
      report(world, keys, shares, tally, (joined - made) / 1e9, (end - joined) / 1e9);
    }
  }

  private static void report(
      World world, long keys, int shares, KeyTally tally, double making_s, double both_s) {
    Candidates candidates = Candidates.of(tally, world.captures());
    Set<Long> truth = truth(world);
    long found = 0;
    long successions = 0;
    for (Candidates.Pair pair : candidates.pairs()) {
      if (truth.contains(((long) pair.first() << 32) | pair.second())) {
        found++;
      } else if (isSuccession(world, pair)) {
        successions++;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d captures, %d sightings of connections, %d keys in %d shares%n",
        world.captures(),
        world.sightings(),
        keys,
        shares);
    System.out.printf(
        Locale.ROOT,
        "making them: %.1f s; making and joining: %.1f s wall, two cores%n",
        making_s,
        both_s);
    System.out.printf(
        Locale.ROOT,
        "%d pairs share enough; %d candidates; of %d true pairs %d are candidates (recall %.5f);"
            + " %d candidates are captures of one tap that follow each other; %d others (precision"
            + " %.5f)%n",
        tally.size(),
        candidates.pairs().size(),
        truth.size(),
        found,
        (double) found / truth.size(),
        successions,
        candidates.pairs().size() - found - successions,
        (double) (found + successions) / candidates.pairs().size());
    System.out.println(Arrays.toString(new int[] {candidates.crowded().size()}) + " crowded");
  }
}
