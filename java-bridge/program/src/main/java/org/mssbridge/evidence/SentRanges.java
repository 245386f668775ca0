package org.mssbridge.evidence;

import java.util.Map;
import java.util.TreeMap;

/** The bytes of a stream that a point saw, as ranges of positions. Most streams have only one. */
final class SentRanges {
  /** The ranges that are not the last one: first position, and that after the last. */
  private final TreeMap<Long, Long> earlier = new TreeMap<>();

  /** The last range; none where they are equal. */
  private long start;

  private long end;

  /** Adds a range, and returns whether any of it was seen before. */
  boolean add(long from, long to) {
    if (from == end && start < end) {
      end = to; // The usual case.
      return false;
    }
    if (from > end || start == end) {
      if (start < end) {
        earlier.put(start, end);
      }
      start = from;
      end = to;
      return false;
    }
    return insert(from, to);
  }

  /** Adds a range that begins before the end of the last one. */
  private boolean insert(long from, long to) {
    boolean isSeen = from < end && to > start;
    earlier.put(start, end);
    long mergedFrom = from;
    long mergedTo = to;
    Map.Entry<Long, Long> before = earlier.floorEntry(to);
    while (before != null && before.getValue() >= from) {
      isSeen |= before.getKey() < to && before.getValue() > from;
      mergedFrom = Math.min(mergedFrom, before.getKey());
      mergedTo = Math.max(mergedTo, before.getValue());
      earlier.remove(before.getKey());
      before = earlier.floorEntry(to);
    }
    earlier.put(mergedFrom, mergedTo);
    Map.Entry<Long, Long> last = earlier.pollLastEntry();
    start = last.getKey();
    end = last.getValue();
    return isSeen;
  }
}
