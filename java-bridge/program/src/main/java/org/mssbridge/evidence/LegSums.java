package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Adds up what passes a leg in one direction, by intervals of time; memory does not grow. */
final class LegSums {
  private final Intervals intervals;
  private final int[] sentSegments;
  private final int[] lostSegments;
  private final int[] unknownSegments;
  private final int[] repeatedSegments;
  private final long[] sentBytes;
  private final long[] arrivedBytes;
  private final Durations[] delays;
  private final long[] leastDelays;
  private final long[] differencesNanos;
  private final int[] differences;
  private final long[] flightBytes;
  private final long[] windowBytes;

  LegSums(Intervals intervals) {
    this.intervals = intervals;
    int count = intervals.count();
    sentSegments = new int[count];
    lostSegments = new int[count];
    unknownSegments = new int[count];
    repeatedSegments = new int[count];
    sentBytes = new long[count];
    arrivedBytes = new long[count];
    delays = new Durations[count];
    leastDelays = new long[count];
    differencesNanos = new long[count];
    differences = new int[count];
    flightBytes = new long[count];
    Arrays.fill(flightBytes, -1);
    windowBytes = new long[count];
  }

  /** What is known of a transmission on its way to the far point. */
  enum Fate {
    ARRIVED,
    LOST,
    UNKNOWN
  }

  Intervals intervals() {
    return intervals;
  }

  /** Adds a transmission with data at an instant of the reference clock, as all that follow. */
  void send(long nanos, Fate fate, boolean isRepeated) {
    int number = intervals.index(nanos);
    sentSegments[number]++;
    lostSegments[number] += fate == Fate.LOST ? 1 : 0;
    unknownSegments[number] += fate == Fate.UNKNOWN ? 1 : 0;
    repeatedSegments[number] += isRepeated ? 1 : 0;
  }

  /** Adds payload at the near point. */
  void sendBytes(long nanos, int bytes) {
    sentBytes[intervals.index(nanos)] += bytes;
  }

  /** Adds payload at the far point. */
  void arrive(long nanos, int bytes) {
    arrivedBytes[intervals.index(nanos)] += bytes;
  }

  /** Adds the delay of a segment that was sent at an instant. */
  void delay(long nanos, long delayNanos) {
    int number = intervals.index(nanos);
    if (delays[number] == null) {
      delays[number] = new Durations();
    }
    delays[number].add(delayNanos);
    leastDelays[number] = Math.min(leastDelays[number], delayNanos);
  }

  /** Adds by how much the delay of a segment differs from that of the one before. */
  void differ(long nanos, long differenceNanos) {
    int number = intervals.index(nanos);
    differencesNanos[number] += Math.abs(differenceNanos);
    differences[number]++;
  }

  /**
   * Adds what one connection has on its way from one instant to another.
   *
   * @param window of its receiver; negative where unknown
   */
  void fly(long fromNanos, long untilNanos, long bytes, long window) {
    for (int i = intervals.index(fromNanos); i <= intervals.index(untilNanos); i++) {
      if (bytes > flightBytes[i]) {
        flightBytes[i] = bytes;
        windowBytes[i] = window;
      }
    }
  }

  /**
   * The intervals in which anything passed.
   *
   * @param leastDelayNanos an interval with a delay below this has none that can be believed
   */
  List<LegInterval> active(long leastDelayNanos) {
    List<LegInterval> active = new ArrayList<>();
    for (int i = 0; i < intervals.count(); i++) {
      LegInterval interval = interval(i, leastDelayNanos);
      if (!interval.isEmpty()) {
        active.add(interval);
      }
    }
    return active;
  }

  private LegInterval interval(int number, long leastDelayNanos) {
    return new LegInterval(
        number,
        sentSegments[number],
        lostSegments[number],
        unknownSegments[number],
        repeatedSegments[number],
        sentBytes[number],
        arrivedBytes[number],
        leastDelays[number] < leastDelayNanos
            ? Optional.empty()
            : Optional.ofNullable(delays[number]).map(LegSums::delay),
        differences[number] == 0
            ? OptionalLong.empty()
            : OptionalLong.of(differencesNanos[number] / differences[number]),
        flightBytes[number] < 0
            ? Optional.empty()
            : Optional.of(
                new LegInterval.Flight(
                    flightBytes[number],
                    windowBytes[number] < 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(windowBytes[number]))));
  }

  private static LegInterval.Delay delay(Durations all) {
    return new LegInterval.Delay(
        all.count(), all.medianNanos(), all.percentileNanos(0.95), all.mostNanos());
  }
}
