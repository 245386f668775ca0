package org.mssbridge.pairing;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;

/**
 * Values that look like a connection's own and are not: those that scanners write into every SYN.
 * Some count the seconds of the wall clock in TSval, so all probes of a second have the same,
 * whoever they are from and for. Others write small numbers where random ones belong.
 */
final class ToolMarks {
  /** No random number of 32 bits is as small as this, but for one in 65,536. */
  private static final int SMALL = 1 << 16;

  /** ZMap's source, {@code packet.c}; other scanners copied it. */
  private static final int ZMAP_IP_ID = 54_321;

  private static final long SECOND_NANOS = 1_000_000_000;
  private static final long DAY_SECONDS = 86_400;

  /** So many senders with one clock of seconds, over so many seconds, are no coincidence. */
  private static final int MIN_SENDERS = 3;

  private static final int MIN_SECONDS = 3;

  private ToolMarks() {}

  /** Whether a number is too small to be random. */
  static boolean isSmall(int number) {
    return Integer.compareUnsigned(number, SMALL) < 0;
  }

  /** Whether an IP ID is one that a scanner writes into all packets: ZMap and its descendants. */
  static boolean isConstantIpId(int ipId) {
    return ipId == ZMAP_IP_ID;
  }

  /** The lowest TCP port from which a client's own is chosen (RFC 6335, section 6). */
  static boolean isEphemeral(int port) {
    return port >= 1024;
  }

  /** The connections whose SYN has a TSval that counts the seconds of a clock of many senders. */
  static BitSet countingSeconds(List<Connection> connections) {
    BitSet counting = new BitSet(connections.size());
    long[] bases = new long[connections.size()];
    int count = 0;
    for (int i = 0; i < connections.size(); i++) {
      int row = firstSyn(connections.get(i));
      SegmentTable table = connections.get(i).clientToServer().table();
      if (row < 0 || !table.hasTimestamp(row)) {
        continue;
      }
      long value = Integer.toUnsignedLong(table.timestamp(row));
      long seconds = Math.floorDiv(table.timeNanos(row), SECOND_NANOS);
      if (Math.abs(value - seconds) < DAY_SECONDS) {
        counting.set(i);
      }
      long base = (value - seconds) & 0xffff_ffffL;
      bases[count++] = base << 31 | i;
    }
    Arrays.sort(bases, 0, count);
    int from = 0;
    for (int to = 1; to <= count; to++) {
      if (to == count || (bases[to] >>> 31) - (bases[to - 1] >>> 31) > 1) {
        if (to - from >= MIN_SENDERS && isClock(connections, bases, from, to)) {
          for (int i = from; i < to; i++) {
            counting.set((int) (bases[i] & 0x7fff_ffff));
          }
        }
        from = to;
      }
    }
    return counting;
  }

  private static boolean isClock(List<Connection> connections, long[] bases, int from, int to) {
    Set<String> senders = new HashSet<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int i = from; i < to; i++) {
      Connection connection = connections.get((int) (bases[i] & 0x7fff_ffff));
      senders.add(connection.client().address());
      first = Math.min(first, connection.firstTimeNanos());
      last = Math.max(last, connection.firstTimeNanos());
      if (senders.size() >= MIN_SENDERS && last - first >= MIN_SECONDS * SECOND_NANOS) {
        return true;
      }
    }
    return false;
  }

  private static int firstSyn(Connection connection) {
    return connection.hasSyn() ? connection.clientToServer().firstRow() : -1;
  }
}
