package org.mssbridge.evidence;

import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.Direction;

/** How far a capture reaches: the one place that decides whether it can show an absence. */
public final class Reach {
  private Reach() {}

  /** Whether the capture was surely running at a time of its own clock. */
  public static boolean covers(PointCapture capture, long nanos) {
    return capture.extent().hasTime() && capture.coverage().contains(nanos);
  }

  /** Until when the capture is known to have been running, on its own clock. */
  public static long endNanos(PointCapture capture) {
    return capture.coverage().untilNanos();
  }

  /** Whether the far capture shows what passed the near point at a time of the near clock. */
  public static boolean coversFar(PairedConnection pair, Direction direction, long nearNanos) {
    return covers(
        pair.farCapture(direction), nearNanos + pair.alignment(direction).delay().typicalNanos());
  }
}
