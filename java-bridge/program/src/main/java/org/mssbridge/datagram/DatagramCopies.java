package org.mssbridge.datagram;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.LongList;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * Second copies that a capture holds of nearly all packets of a flow, as a mirror of both
 * directions of a port makes them. A few are what the network made.
 */
final class DatagramCopies {
  private static final long MOST_NANOS = 5_000_000L;
  private static final double NEARLY_ALL = 0.9;

  /** More equal packets are no copies, but what a sender repeats. */
  private static final int MOST_COPIES = 4;

  /** A flow of fewer packets shows nothing by itself: there, it is as in the whole capture. */
  private static final int LEAST_PACKETS = 8;

  /** So many packets of a flow are searched for the original of a copy. */
  private static final int LOOK_BACK = 32;

  /** So many packets without a copy: the flow has none. */
  private static final int ENOUGH = 256;

  private final DatagramTable table;
  private final BitSet withId = new BitSet();
  private final BitSet withoutId = new BitSet();
  private final BitSet otherTtl = new BitSet();

  private DatagramCopies(DatagramTable table) {
    this.table = table;
  }

  /**
   * Rows of a capture.
   *
   * @param all further copies
   * @param withOtherTtl those of them that were routed between the two
   */
  record Rows(BitSet all, BitSet withOtherTtl) {}

  /**
   * The rows of each capture that are further copies. Packets without an IP ID that several
   * captures hold twice are what the sender sent.
   */
  static Map<CapturePoint, Rows> of(Map<CapturePoint, DatagramTable> tables) {
    Map<CapturePoint, DatagramCopies> all = new LinkedHashMap<>();
    tables.forEach(
        (point, table) -> {
          DatagramCopies copies = new DatagramCopies(table);
          copies.find();
          all.put(point, copies);
        });
    boolean areTheCaptures =
        all.values().stream().filter(each -> !each.withoutId.isEmpty()).count() == 1;
    Map<CapturePoint, Rows> rows = new HashMap<>();
    all.forEach(
        (point, copies) -> {
          if (areTheCaptures) {
            copies.withId.or(copies.withoutId);
          }
          copies.otherTtl.and(copies.withId);
          rows.put(point, new Rows(copies.withId, copies.otherTtl));
        });
    return rows;
  }

  /** The rows without those that are copies. */
  static int[] without(int[] rows, BitSet copies) {
    return copies.isEmpty() ? rows : Arrays.stream(rows).filter(row -> !copies.get(row)).toArray();
  }

  private void find() {
    int copies = 0;
    int originals = 0;
    LongList ofFew = new LongList();
    for (DatagramFlow flow : table.flows()) {
      for (Direction direction : Direction.values()) {
        int[] rows = table.rows(flow, direction);
        int[] own = copies(rows);
        copies += own.length;
        originals += rows.length - own.length;
        if (rows.length < LEAST_PACKETS) {
          Arrays.stream(own).forEach(ofFew::add);
        } else if (own.length >= NEARLY_ALL * (rows.length - own.length)) {
          Arrays.stream(own).forEach(this::add);
        }
      }
    }
    if (copies >= NEARLY_ALL * originals && originals >= LEAST_PACKETS / 2) {
      Arrays.stream(ofFew.toIntArray()).forEach(this::add);
    }
  }

  private void add(int row) {
    (table.ipId(row) == 0 ? withoutId : withId).set(row);
  }

  /** What has the content and IP ID of a packet shortly before. */
  private int[] copies(int[] rows) {
    LongList copies = new LongList();
    for (int i = 1; i < rows.length; i++) {
      if (i == ENOUGH && copies.isEmpty()) {
        break;
      }
      int row = rows[i];
      int before = 0;
      boolean isRouted = false;
      for (int j = i - 1; j >= Math.max(0, i - LOOK_BACK); j--) {
        if (isCopy(rows[j], row)) {
          before++;
          isRouted |= table.ttl(rows[j]) != table.ttl(row);
        }
      }
      if (before > 0 && before < MOST_COPIES) {
        copies.add(row);
        otherTtl.set(row, isRouted);
      }
    }
    return copies.toIntArray();
  }

  private boolean isCopy(int original, int row) {
    return table.headDigest(original) == table.headDigest(row)
        && table.startDigest(original) == table.startDigest(row)
        && table.startDigest(row) != 0
        && table.restDigest(original) == table.restDigest(row)
        && table.ipId(original) == table.ipId(row)
        && Math.abs(table.timeNanos(row) - table.timeNanos(original)) <= MOST_NANOS;
  }
}
