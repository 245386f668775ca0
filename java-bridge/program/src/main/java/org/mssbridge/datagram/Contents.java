package org.mssbridge.datagram;

import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.Direction;

/**
 * By what packets of two tables are known to be the same.
 *
 * @param extent how much of the contents both have
 */
record Contents(DatagramTable first, DatagramTable second, Extent extent) {
  /** Where fewer packets lack their heads, these are left out. */
  private static final int MOST_HEADLESS = 10;

  private enum Extent {
    WHOLE,
    HEAD,
    START
  }

  /** Packets that a capture has cut are compared by the start of their contents. */
  static Contents of(DatagramTable first, DatagramTable second) {
    Extent one = extent(first);
    Extent other = extent(second);
    return new Contents(first, second, one.compareTo(other) > 0 ? one : other);
  }

  /** The same, from the second table to the first. */
  Contents reversed() {
    return new Contents(/* first= */ second, /* second= */ first, extent);
  }

  private static Extent extent(DatagramTable table) {
    int cut = 0;
    int headless = 0;
    int all = 0;
    for (DatagramFlow flow : table.flows()) {
      for (Direction direction : Direction.values()) {
        for (int row : table.rows(flow, direction)) {
          all++;
          cut += table.isCut(row) ? 1 : 0;
          headless += table.headDigest(row) == 0 ? 1 : 0;
        }
      }
    }
    return cut == 0
        ? Extent.WHOLE
        : (long) headless * MOST_HEADLESS > all ? Extent.START : Extent.HEAD;
  }

  /** Equal for equal contents; 0 where too little of them was captured. */
  long key(DatagramTable table, int row) {
    if (extent == Extent.START) {
      return Integer.toUnsignedLong(table.startDigest(row)) * 0x9e3779b97f4a7c15L;
    }
    long head = table.headDigest(row);
    return extent == Extent.WHOLE && head != 0
        ? head ^ (table.restDigest(row) * 0x9e3779b97f4a7c15L)
        : head;
  }
}
