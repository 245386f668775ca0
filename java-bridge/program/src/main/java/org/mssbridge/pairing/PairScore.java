package org.mssbridge.pairing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How much speaks for two sightings being one connection, in bits: what they agree in, each the
 * less the more connections share it, minus what they contradict each other in.
 */
final class PairScore {
  private static final double MOST_CONTENT_BONUS = 16;

  /** Of values that follow from the same content, only the rarest counts in full. */
  private static final double REPEATED_CONTENT = 0.25;

  private static final double MOST_TIME_BITS = 30;
  private static final double FAR_OFF_BITS = -14;
  private static final double IMPOSSIBLE_BITS = -40;
  private static final double MOST_EVENT_BITS = 6;

  /** Four connections with the same value are no accident. */
  private static final double COMMON_BITS = 2;

  private static final long OVERLAP_SLACK_NANOS = 1_000_000_000;

  /** What is worth naming among the reasons. */
  private static final double NAMED_BITS = 2;

  private static final int PORTS = FeatureKind.PORTS.index();

  private final Fingerprints left;
  private final Fingerprints right;
  private final CommonTime time;
  private final double[] penaltyBits;
  private final double populationBits;
  private final double spanNanos;

  /** What the last comparison came to; {@code agreed} has the bits of each kind. */
  private final double[] agreed = new double[FeatureKind.COUNT];

  private double contradictionBits;

  /** How many connections share the rarest content that agrees: its logarithm. */
  private double contentSharedBits;

  private final boolean[] contradicted = new boolean[FeatureKind.COUNT];
  private boolean turned;

  /**
   * Scores pairs of these two sides.
   *
   * @param time null as long as the clocks cannot be compared
   * @param penaltyBits what a contradiction costs, by kind
   */
  PairScore(Fingerprints left, Fingerprints right, CommonTime time, double[] penaltyBits) {
    this.left = left;
    this.right = right;
    this.time = time;
    this.penaltyBits = penaltyBits;
    this.populationBits = log2(Math.max(1, Math.max(left.size, right.size)));
    this.spanNanos = time == null ? 0 : span(time);
  }

  static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  /**
   * Without any known pair; what no connection has on both sides is rewritten, and says nothing.
   */
  static double[] defaultPenalties(FeatureIndex index) {
    double[] penalties = new double[FeatureKind.COUNT];
    Arrays.stream(FeatureKind.values())
        .parallel()
        .forEach(
            kind -> {
              boolean rewritten = kind.isHeader() && index.countOnBothSides(kind) == 0;
              penalties[kind.index()] = rewritten ? 0 : kind.penaltyBits;
            });
    return penalties;
  }

  private static double span(CommonTime time) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (long[] side : new long[][] {time.leftNanos, time.rightNanos}) {
      for (long nanos : side) {
        first = Math.min(first, nanos);
        last = Math.max(last, nanos);
      }
    }
    return Math.max(0, (double) last - first);
  }

  /** Bits for the pair, by the direction of it that fits better. */
  double of(int l, int r) {
    double straight = features(l, r, false);
    turned = false;
    if (!left.hasHandshake(l) || !right.hasHandshake(r)) {
      double other = features(l, r, true);
      turned = other > straight;
      if (!turned) {
        features(l, r, false);
      }
      straight = Math.max(straight, other);
    }
    return straight + timeBits(l, r);
  }

  /** Whether the pair scored last has client and server the other way round. */
  boolean isTurned() {
    return turned;
  }

  /** What the pair scored last loses because many have the same content. */
  double crowdBits() {
    return contentSharedBits;
  }

  /** Counts for each kind whether the pair scored last agrees in it or contradicts itself. */
  void count(int[] agreements, int[] contradictions) {
    for (int k = 0; k < FeatureKind.COUNT; k++) {
      if (contradicted[k]) {
        contradictions[k]++;
      } else if (agreed[k] > 0) {
        agreements[k]++;
      }
    }
  }

  /** What the pair scored last rests on, in words, strongest first. */
  List<String> reasons(double timeBits) {
    List<String> reasons = new ArrayList<>();
    for (FeatureKind kind : FeatureKind.values()) {
      double weight =
          agreed[kind.index()]
              + (kind.isContent() && agreed[kind.index()] > 0 ? kind.contentBits : 0);
      if (weight >= NAMED_BITS && !kind.word.isEmpty() && !reasons.contains(kind.word)) {
        reasons.add(kind.word);
      }
    }
    if (timeBits >= NAMED_BITS) {
      reasons.add("time");
    }
    return reasons;
  }

  private double features(int l, int r, boolean turn) {
    Arrays.fill(agreed, 0);
    Arrays.fill(contradicted, false);
    contradictionBits = 0;
    contentSharedBits = MOST_CONTENT_BONUS;
    int i = left.start[l];
    int j = right.start[r];
    while (i < left.start[l + 1] && j < right.start[r + 1]) {
      int kind = Fingerprints.kind(left.features[i]);
      int other = Fingerprints.kind(right.features[j]);
      if (kind < other) {
        i++;
      } else if (kind > other) {
        j++;
      } else {
        int end = endOf(left, i, left.start[l + 1]);
        int otherEnd = endOf(right, j, right.start[r + 1]);
        boolean swap = turn && kind != FeatureKind.TUPLE.index() && kind != PORTS;
        for (int direction = 0; direction < 2; direction++) {
          compare(l, r, FeatureKind.at(kind), direction, swap, i, end, j, otherEnd);
        }
        i = end;
        j = otherEnd;
      }
    }
    return sum();
  }

  private static int endOf(Fingerprints side, int from, int limit) {
    int kind = Fingerprints.kind(side.features[from]);
    int end = from;
    while (end < limit && Fingerprints.kind(side.features[end]) == kind) {
      end++;
    }
    return end;
  }

  private void compare(
      int l,
      int r,
      FeatureKind kind,
      int direction,
      boolean swap,
      int from,
      int to,
      int otherFrom,
      int otherTo) {
    boolean comparable = false;
    double best = -1;
    for (int i = from; i < to; i++) {
      if (direction(left.features[i]) != direction) {
        continue;
      }
      for (int j = otherFrom; j < otherTo; j++) {
        long other = swap ? Fingerprints.turned(right.features[j]) : right.features[j];
        if (direction(other) == direction) {
          comparable = true;
          if (left.features[i] == other) {
            best = Math.max(best, bits(kind, left.shared[i]));
            if (kind.isContent()) {
              contentSharedBits = Math.min(contentSharedBits, left.shared[i] / 4.0);
            }
          }
        }
      }
    }
    int otherDirection = swap ? 1 - direction : direction;
    if (best >= 0) {
      agreed[kind.index()] += Math.max(best, 1e-3);
    } else if (comparable
        && (kind != FeatureKind.PAYLOAD
            || (left.startsWhole(l, direction) && right.startsWhole(r, otherDirection)))) {
      contradictionBits += penaltyBits[kind.index()];
      contradicted[kind.index()] = true;
    }
  }

  private static int direction(long feature) {
    return (int) (feature >>> Fingerprints.VALUE_BITS) & 1;
  }

  private double bits(FeatureKind kind, byte shared) {
    double sharedBits = shared / 4.0;
    // A random value that many have is none: it follows from the content as well. A tuple is used
    // again, and still is the tuple.
    boolean common = sharedBits >= COMMON_BITS && kind != FeatureKind.TUPLE;
    return kind.isContent() || common
        ? Math.max(0, Math.min(kind.bits, populationBits - sharedBits))
        : Math.max(0, kind.bits - sharedBits);
  }

  private double sum() {
    double identity = 0;
    double rarest = 0;
    double content = 0;
    double bonus = 0;
    if (agreed[FeatureKind.TUPLE.index()] > 0) {
      agreed[PORTS] = 0;
    }
    if (agreed[FeatureKind.TIMESTAMP.index()] > 0) {
      agreed[FeatureKind.DATA_TIMESTAMP.index()] = 0; // They follow from that of the SYN.
    }
    for (int k = 0; k < FeatureKind.COUNT; k++) {
      if (agreed[k] > 0 && FeatureKind.at(k).isContent()) {
        rarest = Math.max(rarest, agreed[k]);
        content += agreed[k];
        bonus += FeatureKind.at(k).contentBits;
      } else {
        identity += agreed[k];
      }
    }
    if (bonus == 0) {
      contentSharedBits = 0;
    }
    return identity
        + rarest
        + REPEATED_CONTENT * (content - rarest)
        + Math.max(0, Math.min(MOST_CONTENT_BONUS, bonus) - contentSharedBits)
        - contradictionBits;
  }

  /** Bits for the times of the pair; 0 where they cannot be compared. */
  double timeBits(int l, int r) {
    if (time == null) {
      return 0;
    }
    double shift = (double) time.rightNanos[r] - time.leftNanos[l];
    double sigma = time.sigmaNanos(l, r);
    if (!overlap(l, r, shift, OVERLAP_SLACK_NANOS + 20 * sigma)) {
      return IMPOSSIBLE_BITS;
    }
    double distance;
    if (known(l, r, Fingerprints.SYN)) {
      double first =
          shift
              + (right.firstNanos[r] - right.baseNanos[r])
              - (left.firstNanos[l] - left.baseNanos[l]);
      distance = Math.min(Math.abs(shift), Math.abs(first));
    } else if (known(l, r, Fingerprints.FIN) && time.event(Fingerprints.FIN) != null) {
      CommonTime.EventDelay fin = time.event(Fingerprints.FIN);
      distance = Math.abs(shift + later(l, r, Fingerprints.FIN) - fin.nanos());
      sigma += fin.sigma();
    } else {
      return 0;
    }
    double bits = log2(Math.max(1, spanNanos / (Math.PI * sigma))) - stray(distance / sigma);
    for (int event = 1; event < Fingerprints.EVENTS; event++) {
      bits += eventBits(l, r, event);
    }
    return Math.max(FAR_OFF_BITS, Math.min(MOST_TIME_BITS, bits));
  }

  private double eventBits(int l, int r, int event) {
    CommonTime.EventDelay delay = time.event(event);
    if (delay == null || delay.spread() <= delay.sigma() || !known(l, r, event)) {
      return 0;
    }
    double strays = Math.abs(later(l, r, event) - delay.nanos()) / delay.sigma();
    double bits = log2(delay.spread() / delay.sigma()) - stray(strays);
    return Math.max(-MOST_EVENT_BITS, Math.min(MOST_EVENT_BITS, bits));
  }

  /** Delays have heavy tails, those of a Cauchy distribution here. */
  private static double stray(double sigmas) {
    return log2(1 + sigmas * sigmas);
  }

  private boolean known(int l, int r, int event) {
    return left.eventMicros[Fingerprints.EVENTS * l + event] >= 0
        && right.eventMicros[Fingerprints.EVENTS * r + event] >= 0;
  }

  private double later(int l, int r, int event) {
    return 1000.0
        * (right.eventMicros[Fingerprints.EVENTS * r + event]
            - left.eventMicros[Fingerprints.EVENTS * l + event]);
  }

  private boolean overlap(int l, int r, double shift, double slackNanos) {
    double leftFirst = (double) left.firstNanos[l] - left.baseNanos[l];
    double leftLast = (double) left.lastNanos[l] - left.baseNanos[l];
    double rightFirst = shift + (right.firstNanos[r] - right.baseNanos[r]);
    double rightLast = shift + (right.lastNanos[r] - right.baseNanos[r]);
    return rightFirst <= leftLast + slackNanos && leftFirst <= rightLast + slackNanos;
  }
}
