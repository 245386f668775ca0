package org.mssbridge.evidence;

import java.util.Arrays;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/** The start and end positions of one direction's data segments, relative to the ISN. */
public final class SegmentBoundaries {
  private final long[] starts;
  private final long[] ends;

  private SegmentBoundaries(int size) {
    starts = new long[size];
    ends = new long[size];
  }

  /** The boundaries of the segments that one point saw. */
  public static SegmentBoundaries at(
      PairedConnection pair, CapturePoint point, Direction direction) {
    return of(pair, direction, point.equals(pair.nearPoint(direction)), false);
  }

  /** The boundaries of the segments that either point saw, because a device may resegment them. */
  static SegmentBoundaries atBoth(PairedConnection pair, Direction direction) {
    return of(pair, direction, true, true);
  }

  private static SegmentBoundaries of(
      PairedConnection pair, Direction direction, boolean near, boolean both) {
    Alignment.Sightings nearSeen = pair.alignment(direction).near();
    Alignment.Sightings farSeen = pair.alignment(direction).far();
    int nearSize = near ? nearSeen.size() : 0;
    int farSize = !near || both ? farSeen.size() : 0;
    SegmentBoundaries boundaries = new SegmentBoundaries(nearSize + farSize);
    boundaries.add(nearSeen, pair.nearFlow(direction).table(), 0, nearSize);
    boundaries.add(farSeen, pair.farFlow(direction).table(), nearSize, farSize);
    Arrays.sort(boundaries.starts);
    Arrays.sort(boundaries.ends);
    return boundaries;
  }

  private void add(Alignment.Sightings seen, SegmentTable table, int to, int size) {
    for (int i = 0; i < size; i++) {
      starts[to + i] = seen.start()[i];
      ends[to + i] = seen.start()[i] + table.payloadBytes(seen.row()[i]);
    }
  }

  /** Whether a segment begins at a position. */
  boolean isStart(long position) {
    return Arrays.binarySearch(starts, position) >= 0;
  }

  /** Whether a segment ends just before a position. */
  boolean isEnd(long position) {
    return Arrays.binarySearch(ends, position) >= 0;
  }

  /** Whether a segment carries any byte of the range. */
  public boolean holdsAnyOf(long start, long end) {
    return countBelow(starts, end) > countBelow(ends, start + 1);
  }

  private static int countBelow(long[] sorted, long bound) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
