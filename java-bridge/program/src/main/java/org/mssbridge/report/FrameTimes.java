package org.mssbridge.report;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.FrameRef;

/** The capture times of the frames that findings name. */
public final class FrameTimes {
  private static final long UNKNOWN = Long.MIN_VALUE;

  private final Map<CapturePoint, Times> byPoint = new HashMap<>();

  /** The frames of one capture that findings name, sorted, and their times. */
  @SuppressWarnings("ArrayRecordComponent") // Columns of primitives for a million frames.
  private record Times(int[] frames, long[] nanos) {
    void put(int frame, long timeNanos) {
      int index = Arrays.binarySearch(frames, frame);
      if (index >= 0) {
        nanos[index] = timeNanos;
      }
    }
  }

  /** Looks up the times of all frames of the findings. */
  public FrameTimes(Report report) {
    for (PointCapture capture : report.evidence().comparison().captures()) {
      int[] frames =
          report.findings().stream()
              .flatMap(reported -> reported.occurrences().stream())
              .flatMap(occurrence -> occurrence.frames().stream())
              .filter(frame -> frame.point().equals(capture.point()))
              .mapToInt(FrameRef::frame)
              .sorted()
              .distinct()
              .toArray();
      long[] nanos = new long[frames.length];
      Arrays.fill(nanos, UNKNOWN);
      Times times = new Times(frames, nanos);
      fill(times, capture);
      byPoint.put(capture.point(), times);
    }
  }

  private static void fill(Times times, PointCapture capture) {
    if (capture.extent().untimedPackets() > 0) {
      return; // The times of its segments may be those of others.
    }
    capture.tooBigs().forEach(message -> times.put(message.frame(), message.timeNanos()));
    for (Connection connection : capture.connections()) {
      for (Direction direction : Direction.values()) {
        Flow flow = connection.flow(direction);
        for (int row = flow.firstRow(); row >= 0; row = flow.table().next(row)) {
          times.put(flow.table().frame(row), flow.table().timeNanos(row));
        }
      }
    }
  }

  /**
   * Nanoseconds since 1970 on the capture's own clock; empty for frames without TCP or ICMP, or
   * without a time.
   */
  public OptionalLong nanos(FrameRef frame) {
    Times times = byPoint.get(frame.point());
    int index = times == null ? -1 : Arrays.binarySearch(times.frames(), frame.frame());
    return index < 0 || times.nanos()[index] == UNKNOWN
        ? OptionalLong.empty()
        : OptionalLong.of(times.nanos()[index]);
  }
}
