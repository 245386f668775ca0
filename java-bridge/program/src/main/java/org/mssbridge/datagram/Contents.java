package org.mssbridge.datagram;

import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.Direction;

/** By what packets of two tables are known to be the same. */
record Contents(DatagramTable first, DatagramTable second, boolean isWhole) {
  /** Packets that a capture has cut are compared by the start of their contents. */
  static Contents of(DatagramTable first, DatagramTable second) {
    return new Contents(first, second, !hasCut(first) && !hasCut(second));
  }

  /** The same, from the second table to the first. */
  Contents reversed() {
    return new Contents(/* first= */ second, /* second= */ first, isWhole);
  }

  private static boolean hasCut(DatagramTable table) {
    for (DatagramFlow flow : table.flows()) {
      for (Direction direction : Direction.values()) {
        for (int row : table.rows(flow, direction)) {
          if (table.isCut(row)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Equal for equal contents; 0 where too little of them was captured. */
  long key(DatagramTable table, int row) {
    long head = table.headDigest(row);
    return isWhole && head != 0 ? head ^ (table.restDigest(row) * 0x9e3779b97f4a7c15L) : head;
  }
}
