package org.mssbridge.pairing;

import java.util.Arrays;
import org.mssbridge.flow.LongList;

/**
 * One time for both captures, half way between their clocks, from pairs that are known. The offset
 * at a time is the median of the pairs that began around it, so that clocks may drift and be set.
 */
final class CommonTime {
  /** Half of the pairs around a time that its offset is taken from. */
  private static final int NEIGHBOURS = 7;

  private static final int MOST_ANCHORS = 1 << 17;

  /** What a clock may drift against another away from the nearest pair. */
  private static final double DRIFT = 50e-6;

  private static final double LEAST_SIGMA_NANOS = 20_000;

  /** What a single pair leaves open. */
  private static final double SINGLE_SIGMA_NANOS = 2e6;

  final long[] leftNanos;
  final long[] rightNanos;
  private final float[] leftSigma;
  private final float[] rightSigma;
  private final EventDelay[] events = new EventDelay[Fingerprints.EVENTS];
  private double sigmaNanos;

  /**
   * By how much later an event comes after the SYN at the right than at the left.
   *
   * @param nanos the median of that
   * @param sigma how far it strays, in ns
   * @param spread how far it strays among connections that are not the same, in ns
   */
  record EventDelay(double nanos, double sigma, double spread) {}

  private CommonTime(Fingerprints left, Fingerprints right) {
    leftNanos = new long[left.size];
    rightNanos = new long[right.size];
    leftSigma = new float[left.size];
    rightSigma = new float[right.size];
  }

  /** With one offset for all, of which no more is known than that width. */
  static CommonTime constant(
      Fingerprints left, Fingerprints right, long offsetNanos, double sigmaNanos) {
    CommonTime time = new CommonTime(left, right);
    time.place(left, new long[] {0}, new long[] {offsetNanos}, true, 0);
    time.place(right, new long[] {0}, new long[] {offsetNanos}, false, 0);
    time.sigmaNanos = sigmaNanos;
    return time;
  }

  /**
   * From known pairs; null where none of them shows the SYN or the FIN at both points.
   *
   * @param anchors pairs of connection numbers, the left one in the upper half
   */
  static CommonTime of(Fingerprints left, Fingerprints right, long[] anchors) {
    int step = 1 + anchors.length / MOST_ANCHORS;
    int event = Fingerprints.SYN;
    long[] usable = withEvent(left, right, anchors, step, event);
    if (usable.length == 0) {
      event = Fingerprints.FIN;
      usable = withEvent(left, right, anchors, step, event);
    }
    return usable.length == 0 ? null : new CommonTime(left, right).fit(left, right, usable, event);
  }

  private static long[] withEvent(
      Fingerprints left, Fingerprints right, long[] anchors, int step, int event) {
    LongList usable = new LongList();
    for (int i = 0; i < anchors.length; i += step) {
      int l = (int) (anchors[i] >>> 32);
      int r = (int) anchors[i];
      if (left.eventMicros[Fingerprints.EVENTS * l + event] >= 0
          && right.eventMicros[Fingerprints.EVENTS * r + event] >= 0) {
        usable.add(anchors[i]);
      }
    }
    return usable.toArray();
  }

  private static long eventNanos(Fingerprints side, int connection, int event) {
    return side.baseNanos[connection]
        + 1000L * side.eventMicros[Fingerprints.EVENTS * connection + event];
  }

  private CommonTime fit(Fingerprints left, Fingerprints right, long[] anchors, int event) {
    int n = anchors.length;
    long[] times = new long[n];
    long[] rightTimes = new long[n];
    for (int i = 0; i < n; i++) {
      times[i] = eventNanos(left, (int) (anchors[i] >>> 32), event);
      rightTimes[i] = eventNanos(right, (int) anchors[i], event);
    }
    int[] byLeft = order(times);
    int[] byRight = order(rightTimes);
    long[] leftOffsets = smooth(byLeft, times, rightTimes);
    long[] rightOffsets = smooth(byRight, times, rightTimes);
    double[] strays = new double[n];
    for (int i = 0; i < n; i++) {
      strays[i] = Math.abs(rightTimes[byLeft[i]] - times[byLeft[i]] - leftOffsets[i]);
    }
    sigmaNanos = sigma(strays);
    place(left, pick(times, byLeft), leftOffsets, true, DRIFT);
    place(right, pick(rightTimes, byRight), rightOffsets, false, DRIFT);
    for (int e = 1; e < Fingerprints.EVENTS; e++) {
      events[e] = delay(left, right, anchors, e);
    }
    return this;
  }

  private static double sigma(double[] strays) {
    Arrays.sort(strays);
    int n = strays.length;
    double typical = Math.max(LEAST_SIGMA_NANOS, 1.5 * strays[n / 2]) * (1 + 4.0 / n);
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
  private static long[] smooth(int[] order, long[] times, long[] rightTimes) {
    long[] offsets = new long[order.length];
    long[] window = new long[2 * NEIGHBOURS + 1];
    for (int i = 0; i < order.length; i++) {
      int reach = Math.min(NEIGHBOURS, Math.max(i, order.length - 1 - i));
      int from = Math.max(0, i - reach);
      int to = Math.min(order.length, i + reach + 1);
      for (int k = from; k < to; k++) {
        window[k - from] = rightTimes[order[k]] - times[order[k]];
      }
      Arrays.sort(window, 0, to - from);
      offsets[i] = (window[(to - from - 1) / 2] + window[(to - from) / 2]) / 2;
    }
    return offsets;
  }

  private void place(
      Fingerprints side, long[] times, long[] offsets, boolean isLeft, double drift) {
    long[] placed = isLeft ? leftNanos : rightNanos;
    float[] sigma = isLeft ? leftSigma : rightSigma;
    for (int i = 0; i < side.size; i++) {
      int nearest = nearest(times, side.baseNanos[i]);
      long half = offsets[nearest] / 2;
      placed[i] = side.baseNanos[i] + (isLeft ? half : -half);
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
      Fingerprints left, Fingerprints right, long[] anchors, int event) {
    double[] own = new double[anchors.length];
    double[] others = new double[anchors.length];
    int n = 0;
    for (int i = 0; i < anchors.length; i++) {
      int here = left.eventMicros[Fingerprints.EVENTS * (int) (anchors[i] >>> 32) + event];
      int there = right.eventMicros[Fingerprints.EVENTS * (int) anchors[i] + event];
      int next = (int) anchors[(i + 1) % anchors.length];
      int foreign = right.eventMicros[Fingerprints.EVENTS * next + event];
      if (here >= 0 && there >= 0) {
        own[n] = 1000.0 * (there - here);
        others[n++] = foreign < 0 ? 0 : 1000.0 * (foreign - here);
      }
    }
    if (n < 3) {
      return null;
    }
    double[] sorted = Arrays.copyOf(own, n);
    Arrays.sort(sorted);
    double median = sorted[n / 2];
    double[] strays = new double[n];
    double[] foreign = new double[n];
    for (int i = 0; i < n; i++) {
      strays[i] = Math.abs(own[i] - median);
      foreign[i] = Math.abs(others[i] - median);
    }
    Arrays.sort(foreign);
    return new EventDelay(median, sigma(strays), foreign[n / 2]);
  }

  /** How exactly the beginnings of two connections are comparable, in ns. */
  double sigmaNanos(int l, int r) {
    return sigmaNanos + Math.max(leftSigma[l], rightSigma[r]);
  }

  /** What is known of an event's delay; null where nothing is. */
  EventDelay event(int event) {
    return events[event];
  }
}
