package org.mssbridge.pairing;

import java.util.Arrays;

/** Scores the times of two sightings: the evidence in bits that they are the same connection. */
final class TimeScorer {
  private static final double MAX_BITS = 30;
  private static final double FAR_OFF_BITS = -14;
  private static final double IMPOSSIBLE_BITS = -40;
  private static final double MAX_EVENT_BITS = 6;

  /** Delays have heavy tails: a SYN may wait in a queue for this many times the usual spread. */
  private static final double FITTING_SIGMAS = 30;

  private static final long OVERLAP_SLACK_NANOS = 1_000_000_000;

  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final CommonTime time;
  private final double spanNanos;

  TimeScorer(Fingerprints firstSide, Fingerprints secondSide, CommonTime time) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
    this.time = time;
    spanNanos = span(time);
  }

  private static double span(CommonTime time) {
    long earliest = Long.MAX_VALUE;
    long latest = Long.MIN_VALUE;
    for (long[] side : new long[][] {time.firstBaseNanos, time.secondBaseNanos}) {
      for (long nanos : side) {
        earliest = Math.min(earliest, nanos);
        latest = Math.max(latest, nanos);
      }
    }
    return Math.max(0, (double) latest - earliest);
  }

  /** Bits for the times of the pair; 0 where neither SYN nor FIN was seen on both sides. */
  double bits(int first, int second) {
    double shift = (double) time.secondBaseNanos[second] - time.firstBaseNanos[first];
    double sigma = time.sigmaNanos(first, second);
    if (!overlap(first, second, shift, OVERLAP_SLACK_NANOS + 20 * sigma)) {
      return IMPOSSIBLE_BITS;
    }
    double distance;
    if (known(first, second, Fingerprints.SYN)) {
      distance = synDistance(first, second, shift);
    } else if (known(first, second, Fingerprints.FIN) && time.event(Fingerprints.FIN) != null) {
      CommonTime.EventDelay fin = time.event(Fingerprints.FIN);
      distance = Math.abs(shift + later(first, second, Fingerprints.FIN) - fin.nanos());
      sigma += fin.sigma();
    } else {
      return 0;
    }
    double bits =
        Bits.of(Math.max(1, spanNanos / (Math.PI * sigma))) - deviationBits(distance / sigma);
    for (int event = 1; event < Fingerprints.EVENTS; event++) {
      bits += eventBits(first, second, event);
    }
    return Math.max(FAR_OFF_BITS, Math.min(MAX_BITS, bits));
  }

  /** Whether the SYNs come as far apart as those of known pairs do; true where that is unknown. */
  boolean fits(int first, int second) {
    double shift = (double) time.secondBaseNanos[second] - time.firstBaseNanos[first];
    double sigma = time.sigmaNanos(first, second);
    if (!known(first, second, Fingerprints.SYN)) {
      return overlap(first, second, shift, OVERLAP_SLACK_NANOS + 20 * sigma);
    }
    return synDistance(first, second, shift) <= FITTING_SIGMAS * sigma;
  }

  /** How far the SYNs are from being the same ones; of several, any may have been lost. */
  private double synDistance(int first, int second, double shift) {
    double distance = Math.abs(shift);
    if (!firstSide.repeatsSyn(first) && !secondSide.repeatsSyn(second)) {
      return distance;
    }
    for (long one : syns(firstSide, first)) {
      double wanted = shift + firstSide.baseNanos[first] - one;
      for (long other : syns(secondSide, second)) {
        long later = other - secondSide.baseNanos[second];
        distance = Math.min(distance, Math.abs(wanted + later));
      }
    }
    return distance;
  }

  private static long[] syns(Fingerprints side, int connection) {
    long[] syns = side.synNanos(connection);
    return syns.length <= Fingerprints.MOST_SYNS
        ? syns
        : Arrays.copyOf(syns, Fingerprints.MOST_SYNS);
  }

  private double eventBits(int first, int second, int event) {
    CommonTime.EventDelay delay = time.event(event);
    if (delay == null || delay.spread() <= delay.sigma() || !known(first, second, event)) {
      return 0;
    }
    double deviations = Math.abs(later(first, second, event) - delay.nanos()) / delay.sigma();
    double bits = Bits.of(delay.spread() / delay.sigma()) - deviationBits(deviations);
    return Math.max(-MAX_EVENT_BITS, Math.min(MAX_EVENT_BITS, bits));
  }

  /** The bits lost by a deviation. Delays have heavy tails, so this is a Cauchy distribution. */
  private static double deviationBits(double sigmas) {
    return Bits.of(1 + sigmas * sigmas);
  }

  private boolean known(int first, int second, int event) {
    return firstSide.saw(first, event) && secondSide.saw(second, event);
  }

  /** How much later after the base the event comes on the second side than on the first, in ns. */
  private double later(int first, int second, int event) {
    return 1000.0 * (secondSide.micros(second, event) - firstSide.micros(first, event));
  }

  private boolean overlap(int first, int second, double shift, double slackNanos) {
    double firstBegin = (double) firstSide.earliestNanos[first] - firstSide.baseNanos[first];
    double firstEnd = (double) firstSide.latestNanos[first] - firstSide.baseNanos[first];
    double secondBegin = shift + (secondSide.earliestNanos[second] - secondSide.baseNanos[second]);
    double secondEnd = shift + (secondSide.latestNanos[second] - secondSide.baseNanos[second]);
    return secondBegin <= firstEnd + slackNanos && firstBegin <= secondEnd + slackNanos;
  }
}
