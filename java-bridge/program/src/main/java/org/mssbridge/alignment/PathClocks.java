package org.mssbridge.alignment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.clock.Clock;
import org.mssbridge.clock.ClockSamples;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Given;
import org.mssbridge.model.PerPoint;

/** Fits the clocks of neighbouring points to each other and chains them along the path. */
final class PathClocks {
  private final List<PointCapture> path;
  private final List<PairedConnection> pairs;
  private final Given given;

  PathClocks(List<PointCapture> path, List<PairedConnection> pairs, Given given) {
    this.path = path;
    this.pairs = pairs;
    this.given = given;
  }

  /** The clock of each point against that of the reference. */
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
      Clock leg = fit(from, to);
      sum = i == origin + step ? leg : sum.then(leg);
      Long offset = given.offsetNanos().get(to.name());
      if (offset != null && sum.allows(offset)) {
        sum = sum.withOffset(offset);
      }
      clocks.put(to, sum);
    }
  }

  /** The clock at {@code to} against the one at {@code from}. */
  private Clock fit(CapturePoint from, CapturePoint to) {
    LongList forwardTimes = new LongList();
    LongList forwardDifferences = new LongList();
    LongList backwardTimes = new LongList();
    LongList backwardDifferences = new LongList();
    for (PairedConnection pair : pairs) {
      // Connections may start from either end.
      Direction forward =
          pair.nearPoint(Direction.C2S).equals(from) ? Direction.C2S : Direction.S2C;
      if (!pair.nearPoint(forward).equals(from) || !pair.farPoint(forward).equals(to)) {
        continue;
      }
      Alignment.Delay forwardDelay = pair.delay(forward);
      for (int i = 0; i < forwardDelay.nearTimeNanos().length; i++) {
        forwardTimes.add(forwardDelay.nearTimeNanos()[i]);
        forwardDifferences.add(forwardDelay.differenceNanos()[i]);
      }
      Alignment.Delay backwardDelay = pair.delay(forward.reverse());
      for (int i = 0; i < backwardDelay.nearTimeNanos().length; i++) {
        backwardTimes.add(backwardDelay.nearTimeNanos()[i] + backwardDelay.differenceNanos()[i]);
        backwardDifferences.add(-backwardDelay.differenceNanos()[i]);
      }
    }
    Clock fitted =
        Clock.fit(
            new ClockSamples(forwardTimes.toArray(), forwardDifferences.toArray()),
            new ClockSamples(backwardTimes.toArray(), backwardDifferences.toArray()));
    return haveOneClock(from, to) && fitted.allowsZero() ? Clock.identity() : fitted;
  }

  /** Whether two points were captured into one file on one clock. */
  private boolean haveOneClock(CapturePoint from, CapturePoint to) {
    PointCapture one = capture(from);
    return one.sharesFile(capture(to)) && one.part().orElseThrow().isOneClock();
  }

  private PointCapture capture(CapturePoint point) {
    return path.stream().filter(capture -> capture.point().equals(point)).findFirst().orElseThrow();
  }
}
