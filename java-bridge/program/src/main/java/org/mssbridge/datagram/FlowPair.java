package org.mssbridge.datagram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.Direction;

/**
 * A flow at two neighbouring points.
 *
 * @param first at the point that comes first on the path
 * @param second at the other
 * @param isTurned whether the client of one is the server of the other
 * @param laterAtFirst how it goes on at the first point from another address or port, in order
 * @param laterAtSecond the same at the second
 */
record FlowPair(
    DatagramFlow first,
    DatagramFlow second,
    boolean isTurned,
    List<DatagramFlow> laterAtFirst,
    List<DatagramFlow> laterAtSecond) {
  FlowPair {
    laterAtFirst = List.copyOf(laterAtFirst);
    laterAtSecond = List.copyOf(laterAtSecond);
  }

  FlowPair(DatagramFlow first, DatagramFlow second, boolean isTurned) {
    this(first, second, isTurned, List.of(), List.of());
  }

  /** A direction of the first flow, as the second one names it. */
  Direction atSecond(Direction atFirst) {
    return isTurned ? atFirst.reverse() : atFirst;
  }

  /** Its packets at the first point. */
  int[] rowsAtFirst(DatagramTable table, Direction atFirst) {
    return rows(table, first, laterAtFirst, atFirst);
  }

  /** Its packets at the second point. */
  int[] rowsAtSecond(DatagramTable table, Direction atFirst) {
    return rows(table, second, laterAtSecond, atSecond(atFirst));
  }

  private static int[] rows(
      DatagramTable table, DatagramFlow flow, List<DatagramFlow> later, Direction direction) {
    if (later.isEmpty()) {
      return table.rows(flow, direction);
    }
    List<DatagramFlow> all = new ArrayList<>(List.of(flow));
    all.addAll(later);
    return all.stream()
        .flatMapToInt(each -> Arrays.stream(table.rows(each, direction)))
        .sorted()
        .toArray();
  }
}
