package org.mssbridge.pairing;

/** Scores the times of two sightings: the evidence in bits that they are the same connection. */
final class TimeScorer {
  private static final double MAX_BITS = 30;
  private static final double FAR_OFF_BITS = -14;
  private static final double IMPOSSIBLE_BITS = -40;
  private static final double MAX_EVENT_BITS = 6;

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
      double earliestShift =
          shift
              + (secondSide.earliestNanos[second] - secondSide.baseNanos[second])
              - (firstSide.earliestNanos[first] - firstSide.baseNanos[first]);
      distance = Math.min(Math.abs(shift), Math.abs(earliestShift));
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
