package org.mssbridge.evidence;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.flow.SegmentTable;

/** How long the receiver of a passage waits for lost bytes until a repetition of them arrives. */
public final class LateArrivals {
  private LateArrivals() {}

  /**
   * The waits.
   *
   * @return for each range of {@link Alignment#lost()} the time from this transmission of its first
   *     byte to the next one that arrives, by the near clock; 0 where none arrives or packets have
   *     no time
   */
  public static long[] waitsNanos(Passage passage) {
    Alignment.Ranges lost = passage.alignment().lost();
    Alignment.Sightings near = passage.alignment().near();
    SegmentTable table = passage.near().table();
    long[] waits = new long[lost.size()];
    if (!passage.pair().isTimed()) {
      return waits;
    }
    LatestRanges later = new LatestRanges();
    Set<Integer> passed = new HashSet<>(); // Those that the far capture lacks and that may arrive.
    IntStream.of(passage.alignment().missed().index()).forEach(passed::add);
    IntStream.of(passage.alignment().unknown().index()).forEach(passed::add);
    int range = lost.size() - 1;
    int first = lost.size() == 0 ? near.size() : lost.index()[0];
    for (int index = near.size() - 1; index >= first; index--) {
      boolean arrives = near.peerRow()[index] >= 0 || passed.contains(index);
      long end = near.start()[index] + table.payloadBytes(near.row()[index]);
      for (; range >= 0 && lost.index()[range] == index; range--) {
        int next = later.at(lost.start()[range]);
        if (next != LatestRanges.NONE) {
          waits[range] = table.timeNanos(near.row()[next]) - table.timeNanos(near.row()[index]);
        }
        if (arrives) {
          later.put(lost.end()[range], end, index);
        }
        end = lost.start()[range];
      }
      if (arrives) {
        later.put(near.start()[index], end, index);
      }
    }
    return waits;
  }
}
