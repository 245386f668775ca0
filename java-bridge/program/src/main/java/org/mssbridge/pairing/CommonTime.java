package org.mssbridge.pairing;

import java.util.Arrays;
import org.mssbridge.flow.LongList;

/**
 * A common time for both captures, halfway between their clocks, derived from known pairs. The
 * offset at a time is the median of the pairs that began around it, so clocks may drift and be set.
 */
final class CommonTime {
  /** Number of pairs on each side of a time from which its offset is taken. */
  private static final int NEIGHBOURS = 7;

  /** Of more pairs, an even sample: some in each second tell the offset. */
  private static final int MAX_ANCHORS = 1 << 14;

  /** The drift allowed between the clocks, by the time to the nearest pair. */
  private static final double DRIFT = 50e-6;

  private static final double MIN_SIGMA_NANOS = 20_000;

  /** The uncertainty of an offset from a single pair. */
  private static final double SINGLE_SIGMA_NANOS = 2e6;

  final long[] firstBaseNanos;
  final long[] secondBaseNanos;
  private final float[] firstSigma;
  private final float[] secondSigma;
  private final EventDelay[] events = new EventDelay[Fingerprints.EVENTS];
  private double sigmaNanos;

  /**
   * How much longer after the SYN an event comes on the second side than on the first.
   *
   * @param nanos the median of this delay
   * @param sigma its spread in ns
   * @param spread its spread in ns among pairs of different connections
   */
  record EventDelay(double nanos, double sigma, double spread) {}

  private CommonTime(Fingerprints firstSide, Fingerprints secondSide) {
    firstBaseNanos = new long[firstSide.size];
    secondBaseNanos = new long[secondSide.size];
    firstSigma = new float[firstSide.size];
    secondSigma = new float[secondSide.size];
  }

  /** A common time with a constant offset, known only to within that width. */
  static CommonTime constant(
      Fingerprints firstSide, Fingerprints secondSide, long offsetNanos, double sigmaNanos) {
    CommonTime time = new CommonTime(firstSide, secondSide);
    time.place(firstSide, new long[] {0}, new long[] {offsetNanos}, true, 0);
    time.place(secondSide, new long[] {0}, new long[] {offsetNanos}, false, 0);
    time.sigmaNanos = sigmaNanos;
    return time;
  }

  /**
   * A common time from known pairs; null where none of them has the SYN or the FIN at both points.
   *
   * @param anchors pairs of connections, {@link PackedPair packed}
   */
  static CommonTime of(Fingerprints firstSide, Fingerprints secondSide, long[] anchors) {
    int step = 1 + anchors.length / MAX_ANCHORS;
    int event = Fingerprints.SYN;
    long[] usable = withEvent(firstSide, secondSide, anchors, step, event);
    if (usable.length == 0) {
      event = Fingerprints.FIN;
      usable = withEvent(firstSide, secondSide, anchors, step, event);
    }
    return usable.length == 0
        ? null
        : new CommonTime(firstSide, secondSide).fit(firstSide, secondSide, usable, event);
  }

  private static long[] withEvent(
      Fingerprints firstSide, Fingerprints secondSide, long[] anchors, int step, int event) {
    LongList usable = new LongList();
    for (int i = 0; i < anchors.length; i += step) {
      if (firstSide.saw(PackedPair.first(anchors[i]), event)
          && secondSide.saw(PackedPair.second(anchors[i]), event)) {
        usable.add(anchors[i]);
      }
    }
    return usable.toArray();
  }

  private CommonTime fit(
      Fingerprints firstSide, Fingerprints secondSide, long[] anchors, int event) {
    int n = anchors.length;
    long[] firstTimes = new long[n];
    long[] secondTimes = new long[n];
    for (int i = 0; i < n; i++) {
      firstTimes[i] = firstSide.eventNanos(PackedPair.first(anchors[i]), event);
      secondTimes[i] = secondSide.eventNanos(PackedPair.second(anchors[i]), event);
    }
    int[] byFirst = order(firstTimes);
    int[] bySecond = order(secondTimes);
    long[] firstOffsets = smooth(byFirst, firstTimes, secondTimes);
    long[] secondOffsets = smooth(bySecond, firstTimes, secondTimes);
    double[] deviations = new double[n];
    for (int i = 0; i < n; i++) {
      deviations[i] = Math.abs(secondTimes[byFirst[i]] - firstTimes[byFirst[i]] - firstOffsets[i]);
    }
    sigmaNanos = sigma(deviations);
    place(firstSide, pick(firstTimes, byFirst), firstOffsets, true, DRIFT);
    place(secondSide, pick(secondTimes, bySecond), secondOffsets, false, DRIFT);
    for (int e = 1; e < Fingerprints.EVENTS; e++) {
      events[e] = delay(firstSide, secondSide, anchors, e);
    }
    return this;
  }

  private static double sigma(double[] deviations) {
    Arrays.sort(deviations);
    int n = deviations.length;
    double typical = Math.max(MIN_SIGMA_NANOS, 1.5 * deviations[n / 2]) * (1 + 4.0 / n);
    return Math.max(typical, SINGLE_SIGMA_NANOS / n);
  }

  private static int[] order(long[] times) {
    long least = Arrays.stream(times).min().getAsLong();
    long[] packed = new long[times.length];
    for (int i = 0; i < times.length; i++) {
      packed[i] = (((times[i] - least) >>> 10) << 18) | i;
    }
    Arrays.sort(packed);
    int[] order = new int[times.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) (packed[i] & ((1 << 18) - 1));
    }
    return order;
  }

  private static long[] pick(long[] values, int[] order) {
    return Arrays.stream(order).mapToLong(i -> values[i]).toArray();
  }

  /** The offset at each pair: the median of it and its neighbours. */
  private static long[] smooth(int[] order, long[] firstTimes, long[] secondTimes) {
    long[] offsets = new long[order.length];
    long[] window = new long[2 * NEIGHBOURS + 1];
    for (int i = 0; i < order.length; i++) {
      int reach = Math.min(NEIGHBOURS, Math.max(i, order.length - 1 - i));
      int from = Math.max(0, i - reach);
      int to = Math.min(order.length, i + reach + 1);
      for (int k = from; k < to; k++) {
        window[k - from] = secondTimes[order[k]] - firstTimes[order[k]];
      }
      Arrays.sort(window, 0, to - from);
      offsets[i] = (window[(to - from - 1) / 2] + window[(to - from) / 2]) / 2;
    }
    return offsets;
  }

  private void place(
      Fingerprints side, long[] times, long[] offsets, boolean isFirst, double drift) {
    long[] placed = isFirst ? firstBaseNanos : secondBaseNanos;
    float[] sigma = isFirst ? firstSigma : secondSigma;
    for (int i = 0; i < side.size; i++) {
      int nearest = nearest(times, side.baseNanos[i]);
      long half = offsets[nearest] / 2;
      placed[i] = side.baseNanos[i] + (isFirst ? half : -half);
      sigma[i] = (float) (drift * Math.abs(side.baseNanos[i] - times[nearest]));
    }
  }

  private static int nearest(long[] times, long time) {
    int at = Arrays.binarySearch(times, time);
    if (at >= 0) {
      return at;
    }
    int above = -at - 1;
    if (above == 0 || above == times.length) {
      return Math.max(0, above - 1);
    }
    return time - times[above - 1] <= times[above] - time ? above - 1 : above;
  }

  private static EventDelay delay(
      Fingerprints firstSide, Fingerprints secondSide, long[] anchors, int event) {
    double[] own = new double[anchors.length];
    double[] others = new double[anchors.length];
    int n = 0;
    for (int i = 0; i < anchors.length; i++) {
      int first = firstSide.micros(PackedPair.first(anchors[i]), event);
      int second = secondSide.micros(PackedPair.second(anchors[i]), event);
      int next = PackedPair.second(anchors[(i + 1) % anchors.length]);
      int foreign = secondSide.micros(next, event);
      if (first >= 0 && second >= 0) {
        own[n] = 1000.0 * (second - first);
        others[n++] = foreign < 0 ? 0 : 1000.0 * (foreign - first);
      }
    }
    if (n < 3) {
      return null;
    }
    double[] sorted = Arrays.copyOf(own, n);
    Arrays.sort(sorted);
    double median = sorted[n / 2];
    double[] deviations = new double[n];
    double[] foreign = new double[n];
    for (int i = 0; i < n; i++) {
      deviations[i] = Math.abs(own[i] - median);
      foreign[i] = Math.abs(others[i] - median);
    }
    Arrays.sort(foreign);
    return new EventDelay(median, sigma(deviations), foreign[n / 2]);
  }

  /** The uncertainty in ns with which the start times of two connections can be compared. */
  double sigmaNanos(int first, int second) {
    return sigmaNanos + Math.max(firstSigma[first], secondSigma[second]);
  }

  /** The delay of an event; null where it is unknown. */
  EventDelay event(int event) {
    return events[event];
  }
}
