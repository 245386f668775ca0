package org.mssbridge.evidence;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Ranges of positions, each with a number. Where ranges overlap, the one that was added last
 * counts; adding one costs no more than the logarithm of their count.
 */
public final class LatestRanges {
  /** The result for a position that no range covers. */
  public static final int NONE = -1;

  /** The ranges by their first position; they do not overlap. */
  private final NavigableMap<Long, Range> ranges = new TreeMap<>();

  /** The end of a range, which is the position after its last one, and its number. */
  private record Range(long end, int number) {}

  /**
   * Adds a range in front of all others.
   *
   * @param end the position after its last one
   * @param number 0 or more
   */
  public void put(long start, long end, int number) {
    if (start >= end) {
      return;
    }
    Map.Entry<Long, Range> before = ranges.lowerEntry(start);
    if (before != null && before.getValue().end() > start) {
      keepAfter(end, before.getValue());
      ranges.put(before.getKey(), new Range(start, before.getValue().number()));
    }
    NavigableMap<Long, Range> covered = ranges.subMap(start, true, end, false);
    while (!covered.isEmpty()) {
      keepAfter(end, covered.pollFirstEntry().getValue());
    }
    ranges.put(start, new Range(end, number));
  }

  private void keepAfter(long position, Range range) {
    if (range.end() > position) {
      ranges.put(position, range);
    }
  }

  /** The number of the range that was added last over a position, or {@link #NONE}. */
  public int at(long position) {
    Map.Entry<Long, Range> range = ranges.floorEntry(position);
    return range == null || range.getValue().end() <= position ? NONE : range.getValue().number();
  }

  /** Whether a range covers any position between two. */
  public boolean overlaps(long start, long end) {
    Map.Entry<Long, Range> range = ranges.lowerEntry(end);
    return range != null && range.getValue().end() > start;
  }

  /** A range with its number. */
  public interface Visitor {
    void visit(long start, long end, int number);
  }

  /** Visits what counts of each range, in the order of positions. */
  public void forEach(Visitor visitor) {
    ranges.forEach((start, range) -> visitor.visit(start, range.end(), range.number()));
  }

  /** Visits what counts of each range between two positions, in their order. */
  public void forEach(long start, long end, Visitor visitor) {
    Map.Entry<Long, Range> before = ranges.lowerEntry(start);
    if (before != null && before.getValue().end() > start) {
      visitor.visit(start, Math.min(end, before.getValue().end()), before.getValue().number());
    }
    ranges
        .subMap(start, true, end, false)
        .forEach((at, range) -> visitor.visit(at, Math.min(end, range.end()), range.number()));
  }
}
