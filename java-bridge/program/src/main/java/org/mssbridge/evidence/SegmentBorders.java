package org.mssbridge.evidence;

import java.util.Arrays;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/** Where the data segments of one direction begin and end, in positions from the ISN. */
public final class SegmentBorders {
  private final long[] starts;
  private final long[] ends;

  private SegmentBorders(int size) {
    starts = new long[size];
    ends = new long[size];
  }

  /** Of the segments that one point saw. */
  public static SegmentBorders at(PairedConnection pair, CapturePoint point, Direction direction) {
    return of(pair, direction, point.equals(pair.nearPoint(direction)), false);
  }

  /** Of those that either point saw: a device may cut segments anew. */
  static SegmentBorders atBoth(PairedConnection pair, Direction direction) {
    return of(pair, direction, true, true);
  }

  private static SegmentBorders of(
      PairedConnection pair, Direction direction, boolean near, boolean both) {
    Alignment.Sightings nearSeen = pair.alignment(direction).near();
    Alignment.Sightings farSeen = pair.alignment(direction).far();
    int nearSize = near ? nearSeen.size() : 0;
    int farSize = !near || both ? farSeen.size() : 0;
    SegmentBorders borders = new SegmentBorders(nearSize + farSize);
    borders.add(nearSeen, pair.nearFlow(direction).table(), 0, nearSize);
    borders.add(farSeen, pair.farFlow(direction).table(), nearSize, farSize);
    Arrays.sort(borders.starts);
    Arrays.sort(borders.ends);
    return borders;
  }

  private void add(Alignment.Sightings seen, SegmentTable table, int to, int size) {
    for (int i = 0; i < size; i++) {
      starts[to + i] = seen.start()[i];
      ends[to + i] = seen.start()[i] + table.payloadBytes(seen.row()[i]);
    }
  }

  /** Whether a segment begins there. */
  boolean isStart(long position) {
    return Arrays.binarySearch(starts, position) >= 0;
  }

  /** Whether a segment ends just before it. */
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
