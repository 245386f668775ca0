package org.mssbridge.alignment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.mssbridge.clock.Clock;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.PerPoint;

/** Fits the clocks of neighbouring points to each other and chains them along the path. */
final class PathClocks {
  private final List<PointCapture> path;
  private final List<PairedConnection> pairs;

  PathClocks(List<PointCapture> path, List<PairedConnection> pairs) {
    this.path = path;
    this.pairs = pairs;
  }

  /** Each point's clock against that of the reference. */
  PerPoint<Clock> against(CapturePoint reference) {
    int origin = 0;
    while (!path.get(origin).point().equals(reference)) {
      origin++;
    }
    Map<CapturePoint, Clock> clocks = new LinkedHashMap<>();
    clocks.put(reference, Clock.identity());
    chain(clocks, origin, 1);
    chain(clocks, origin, -1);
    return PerPoint.of(clocks);
  }

  private void chain(Map<CapturePoint, Clock> clocks, int origin, int step) {
    Clock sum = Clock.identity();
    for (int i = origin + step; i >= 0 && i < path.size(); i += step) {
      CapturePoint from = path.get(i - step).point();
      CapturePoint to = path.get(i).point();
      Clock leg = fit(from, to, step > 0 ? Direction.C2S : Direction.S2C);
      sum = i == origin + step ? leg : sum(sum, leg);
      clocks.put(to, sum);
    }
  }

  /** The clock at {@code to} against the one at {@code from}; forward is the way between them. */
  private Clock fit(CapturePoint from, CapturePoint to, Direction forward) {
    LongList forwardTimes = new LongList();
    LongList forwardDifferences = new LongList();
    LongList backwardTimes = new LongList();
    LongList backwardDifferences = new LongList();
    for (PairedConnection pair : pairs) {
      if (!pair.nearPoint(forward).equals(from) || !pair.farPoint(forward).equals(to)) {
        continue;
      }
      Alignment.Delay there = pair.alignment(forward).delay();
      for (int i = 0; i < there.nearTimeNanos().length; i++) {
        forwardTimes.add(there.nearTimeNanos()[i]);
        forwardDifferences.add(there.differenceNanos()[i]);
      }
      Alignment.Delay back = pair.alignment(forward.reverse()).delay();
      for (int i = 0; i < back.nearTimeNanos().length; i++) {
        backwardTimes.add(back.nearTimeNanos()[i] + back.differenceNanos()[i]);
        backwardDifferences.add(-back.differenceNanos()[i]);
      }
    }
    return Clock.fit(
        forwardTimes.toArray(),
        forwardDifferences.toArray(),
        forwardTimes.size(),
        backwardTimes.toArray(),
        backwardDifferences.toArray(),
        backwardTimes.size());
  }

  /** A clock against the reference, by way of a point between. */
  private static Clock sum(Clock first, Clock second) {
    long originNanos = first.referenceNanos(second.originNanos());
    return new Clock(
        originNanos,
        first.offsetNanos(originNanos) + second.originOffsetNanos(),
        first.slope() + second.slope() * (1 + first.slope()),
        sum(first.lowSeconds(), second.lowSeconds()),
        sum(first.highSeconds(), second.highSeconds()),
        sum(first.driftPpm(), second.driftPpm()),
        Math.min(first.samples(), second.samples()),
        first.consistent() && second.consistent(),
        steps(first, second));
  }

  /** All steps, by the reference's clock as far as the first clock tells it. */
  private static List<Clock.Step> steps(Clock first, Clock second) {
    List<Clock.Step> steps = new ArrayList<>(first.steps());
    for (Clock.Step step : second.steps()) {
      long atNanos = first.referenceNanos(step.atNanos());
      steps.add(new Clock.Step(atNanos, step.sizeNanos()));
    }
    steps.sort(Comparator.comparingLong(Clock.Step::atNanos));
    return steps;
  }

  private static OptionalDouble sum(OptionalDouble first, OptionalDouble second) {
    return first.isPresent() && second.isPresent()
        ? OptionalDouble.of(first.getAsDouble() + second.getAsDouble())
        : OptionalDouble.empty();
  }
}
