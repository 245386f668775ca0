package org.mssbridge.evidence;

import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
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

  /** Whether a capture covers the time of a SYN of the client that another point saw. */
  public static boolean coversSyn(
      Comparison comparison, PointCapture capture, CapturePoint point, Connection seen) {
    return seen.clientToServer().handshake().stream()
        .mapToLong(syn -> comparison.timeAt(capture.point(), point, syn.timeNanos()))
        .anyMatch(capture.coverage()::contains);
  }

  /** Whether the far capture shows what passed the near point at a time of the near clock. */
  public static boolean coversFar(PairedConnection pair, Direction direction, long nearNanos) {
    return covers(pair.farCapture(direction), nearNanos + pair.delay(direction).typicalNanos());
  }
}
