package org.mssbridge.discover;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.flow.LongList;
import org.mssbridge.pairing.CaptureFingerprints;
import org.mssbridge.pairing.CaptureKey;

/**
 * Finds the captures that share values which few captures have. Their number grows with that of the
 * captures, not with its square. It takes all keys, or a share of them: then the {@link KeyTally
 * tallies} of all shares are added.
 */
public final class SharedKeys {
  /** A value in more captures than this does not tell which of them belong together. */
  static final int MOST_CAPTURES_OF_A_KEY = 32;

  /** A connection that lives through more captures is followed from each into so many next ones. */
  private static final int NEXT_OF_A_TUPLE = 4;

  /** From so many connections on, too many have an equal short number by chance. */
  private static final long MANY_CONNECTIONS = 10_000_000;

  /** Of many connections, a short number counts among those of one hour, by clocks that are set. */
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  /** Clocks that are set differ by less than this. */
  private static final long MARGIN_NANOS = 300_000_000_000L;

  /** So many captures at most: their numbers have so many bits. */
  private static final int CAPTURE_BITS = 20;

  private static final int CAPTURE_MASK = (1 << CAPTURE_BITS) - 1;

  /** The golden ratio's bits. */
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final Map<Integer, LongList> kinds = new TreeMap<>();

  /**
   * The keys of a capture, each with the number of the capture.
   *
   * @param capture its number in the order of time, from 0
   * @param connections number of connections of all captures
   */
  public static long[] of(int capture, CaptureFingerprints fingerprints, long connections) {
    OfCapture keys = new OfCapture(capture, connections);
    fingerprints.forEachKey(keys);
    return keys.toArray();
  }

  /** Collects the keys of a capture. */
  public static final class OfCapture implements CaptureFingerprints.KeySink {
    private final int capture;
    private final boolean isTimed;
    private final LongList keys = new LongList();

    /**
     * @param capture its number in the order of time, from 0
     * @param connections number of connections of all captures
     */
    public OfCapture(int capture, long connections) {
      if (capture > CAPTURE_MASK) {
        throw new IllegalStateException("more than a million captures");
      }
      this.capture = capture;
      isTimed = connections >= MANY_CONNECTIONS;
    }

    @Override
    public void accept(long key, long nanos) {
      if (!isTimed || !CaptureKey.isShort(key)) {
        keys.add(packed(key, capture));
        return;
      }
      long hour = Math.floorDiv(nanos, HOUR_NANOS);
      long into = Math.floorMod(nanos, HOUR_NANOS);
      keys.add(packed(at(key, hour), capture));
      if (into < MARGIN_NANOS) {
        keys.add(packed(at(key, hour - 1), capture));
      } else if (into >= HOUR_NANOS - MARGIN_NANOS) {
        keys.add(packed(at(key, hour + 1), capture));
      }
    }

    /** The keys, each once. */
    public long[] toArray() {
      long[] all = keys.toArray();
      Arrays.sort(all);
      return Arrays.stream(all).distinct().toArray();
    }
  }

  /** The key among those of an hour. */
  private static long at(long key, long hour) {
    long mixed = (key ^ (hour * GOLDEN)) * GOLDEN;
    int shift = Long.SIZE - CaptureKey.KIND_BITS;
    return (key >>> shift << shift) | (mixed >>> CaptureKey.KIND_BITS);
  }

  private static long packed(long key, int capture) {
    return (key & ~(long) CAPTURE_MASK) | capture;
  }

  /** Which of some shares a key belongs to, whatever capture it is of. */
  public static int shareOf(long packed, int shares) {
    return KeyTally.share(packed >>> CAPTURE_BITS, shares);
  }

  /** Adds keys of a capture. */
  public void add(long[] keys) {
    for (long key : keys) {
      kinds
          .computeIfAbsent((int) (key >>> (Long.SIZE - CaptureKey.KIND_BITS)), k -> new LongList())
          .add(key);
    }
  }

  /** What the captures share of these keys. */
  public KeyTally tally() {
    Sums sums = new Sums();
    for (LongList keys : kinds.values()) {
      long[] values = keys.toArray();
      Arrays.sort(values);
      int from = 0;
      for (int to = 1; to <= values.length; to++) {
        if (to == values.length || values[to] >>> CAPTURE_BITS != values[from] >>> CAPTURE_BITS) {
          sums.addGroup(values, from, to);
          from = to;
        }
      }
    }
    return KeyTally.of(sums.bitsOfPair, sums.crowded);
  }

  private static final class Sums {
    private final Map<Long, Double> bitsOfPair = new HashMap<>();
    private final TreeSet<Integer> crowded = new TreeSet<>();

    private void addGroup(long[] values, int from, int to) {
      if (to - from < 2) {
        return;
      }
      int[] members =
          Arrays.stream(values, from, to)
              .mapToInt(value -> (int) (value & CAPTURE_MASK))
              .distinct()
              .toArray();
      if (members.length < 2) {
        return;
      }
      int most = CaptureKey.bits(values[from]);
      if (members.length <= MOST_CAPTURES_OF_A_KEY) {
        double bits = most - Math.log(members.length - 1.0) / Math.log(2);
        for (int i = 0; i < members.length; i++) {
          for (int j = i + 1; j < members.length; j++) {
            add(members[i], members[j], bits);
          }
        }
      } else if (CaptureKey.isTuple(values[from])) {
        for (int i = 0; i < members.length; i++) {
          for (int j = i + 1; j <= i + NEXT_OF_A_TUPLE && j < members.length; j++) {
            add(members[i], members[j], most);
          }
        }
      } else {
        Arrays.stream(members).forEach(crowded::add);
      }
    }

    private void add(int one, int other, double bits) {
      bitsOfPair.merge(((long) one << 32) | other, bits, Double::sum);
    }
  }
}
