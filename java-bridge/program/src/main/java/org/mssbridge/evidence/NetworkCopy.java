package org.mssbridge.evidence;

import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;

/**
 * Tells a copy that the network made from a segment that its sender sends again.
 *
 * <p>A copy has the IP ID of the original. Where there is none, because it is 0 or in IPv6, it is
 * the same in all that a sender changes, and too soon for one: what makes a sender repeat comes
 * from the receiver, a round trip later, or is a timer that is longer than that (RFC 6298, RFC
 * 8985).
 */
final class NetworkCopy {
  /** Of a round trip, which may be shorter than the handshake was. */
  private static final int PART = 2;

  /** Timers of senders are longer. */
  private static final long MOST_NANOS = 100_000_000L;

  /** Where the round trip is not known: no host is so near. */
  private static final long LEAST_NANOS = 50_000L;

  private final SegmentTable table;
  private final long mostNanos;

  /** For what one point saw of a connection. */
  NetworkCopy(Connection seen) {
    this.table = seen.clientToServer().table();
    this.mostNanos =
        HandshakeGaps.of(seen)
            .map(gaps -> Math.min(MOST_NANOS, (gaps.clientNanos() + gaps.serverNanos()) / PART))
            .orElse(LEAST_NANOS);
  }

  /** Whether a row is a copy of an earlier one that begins with the same byte. */
  boolean is(int row, int earlier) {
    if (table.ipId(row) > 0 || table.ipId(earlier) > 0) {
      return table.ipId(row) == table.ipId(earlier);
    }
    return table.timeNanos(row) - table.timeNanos(earlier) <= mostNanos
        && table.sequence(row) == table.sequence(earlier)
        && table.payloadBytes(row) == table.payloadBytes(earlier)
        && table.payloadSum(row) == table.payloadSum(earlier)
        && table.acknowledgment(row) == table.acknowledgment(earlier)
        && table.flags(row) == table.flags(earlier)
        && table.window(row) == table.window(earlier)
        && table.timestamp(row) == table.timestamp(earlier);
  }
}
