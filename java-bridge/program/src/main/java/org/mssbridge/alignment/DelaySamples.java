package org.mssbridge.alignment;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.mssbridge.flow.LongList;

/**
 * Time differences of segments between two points, in stream order. The clocks may drift and may
 * have been set, so the typical difference at a place is taken from the samples around it only.
 */
final class DelaySamples {
  private static final int MEDIAN_NEIGHBOURS = 7;
  private static final int MIN_NEIGHBOURS = 256;

  /** A queue may be full around a place and empty when its bytes are sent again, so soon after. */
  private static final long MIN_SECONDS = 60;

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int MAX_MINIMA = 1 << 12;
  private static final int MAX_EVEN = 1 << 10;

  private final LongList places = new LongList();
  private final LongList times = new LongList();
  private final LongList differences = new LongList();

  /** The smallest difference of each second; null until it is asked for, as it seldom is. */
  private NavigableMap<Long, Long> leastBySecond;

  /** Adds a sample; places only increase. */
  void add(long place, long nearTimeNanos, long differenceNanos) {
    places.add(place);
    times.add(nearTimeNanos);
    differences.add(differenceNanos);
  }

  int size() {
    return differences.size();
  }

  /** The typical difference around a place; needs a sample. */
  long typicalNanos(long place) {
    long[] near = neighbours(place, MEDIAN_NEIGHBOURS);
    Arrays.sort(near);
    return near[near.length / 2];
  }

  /**
   * The smallest difference around a place and around the times when its bytes are sent; needs a
   * sample.
   */
  long leastNanos(long place, long firstNanos, long lastNanos) {
    if (leastBySecond == null) {
      leastBySecond = new TreeMap<>();
      for (int i = 0; i < size(); i++) {
        leastBySecond.merge(second(times.get(i)), differences.get(i), Math::min);
      }
    }
    long least = Arrays.stream(neighbours(place, MIN_NEIGHBOURS)).min().getAsLong();
    return leastBySecond
        .subMap(second(firstNanos) - MIN_SECONDS, true, second(lastNanos) + MIN_SECONDS, true)
        .values()
        .stream()
        .reduce(least, Math::min);
  }

  /** The largest difference around a place; needs a sample. */
  long latestNanos(long place) {
    return Arrays.stream(neighbours(place, MEDIAN_NEIGHBOURS)).max().getAsLong();
  }

  private static long second(long nanos) {
    return Math.floorDiv(nanos, SECOND_NANOS);
  }

  private long[] neighbours(long place, int eachSide) {
    int at = places.countBelow(place);
    int from = Math.max(0, at - eachSide);
    int to = Math.min(size(), at + eachSide);
    long[] near = new long[to - from];
    for (int i = from; i < to; i++) {
      near[i - from] = differences.get(i);
    }
    return near;
  }

  /**
   * The time differences.
   *
   * @param fallbackNanos the difference where there is no sample; {@link Long#MIN_VALUE} where it
   *     is unknown
   */
  Alignment.Delay toDelay(long fallbackNanos) {
    if (size() == 0) {
      return fallbackNanos == Long.MIN_VALUE
          ? Alignment.Delay.UNKNOWN
          : Alignment.Delay.about(fallbackNanos);
    }
    if (size() == 1) {
      return Alignment.Delay.ofOne(times.get(0), differences.get(0));
    }
    long[] keptTimes = times.toArray();
    long[] keptDifferences = differences.toArray();
    while (keptTimes.length > MAX_MINIMA) {
      int half = halve(keptTimes, keptDifferences);
      keptTimes = Arrays.copyOf(keptTimes, half);
      keptDifferences = Arrays.copyOf(keptDifferences, half);
    }
    int step = Math.max(1, (size() + MAX_EVEN - 1) / MAX_EVEN);
    return Alignment.Delay.of(
        keptTimes,
        keptDifferences,
        step == 1 ? keptTimes : every(times, step),
        step == 1 ? keptDifferences : every(differences, step),
        differences.median());
  }

  /** Keeps, of each two neighbours, the one with the smaller difference. */
  private static int halve(long[] times, long[] differences) {
    int kept = 0;
    for (int i = 0; i < times.length; i += 2) {
      int better = i + 1 < times.length && differences[i + 1] < differences[i] ? i + 1 : i;
      times[kept] = times[better];
      differences[kept++] = differences[better];
    }
    return kept;
  }

  private static long[] every(LongList values, int step) {
    long[] even = new long[(values.size() + step - 1) / step];
    for (int i = 0; i < even.length; i++) {
      even[i] = values.get(i * step);
    }
    return even;
  }
}
