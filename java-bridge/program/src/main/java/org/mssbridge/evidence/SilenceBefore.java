package org.mssbridge.evidence;

import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;

/**
 * The silence of a connection before one of its segments: a device may have forgotten it by then.
 *
 * @param nanos the time since the segment before it, of either end, in ns
 * @param survivedNanos the longest such time before that, after which the connection went on, in ns
 */
public record SilenceBefore(long nanos, long survivedNanos) {
  /** Measures it at a point; needs times. */
  public static SilenceBefore of(Connection seen, int row) {
    SegmentTable table = seen.clientToServer().table();
    int client = seen.clientToServer().firstRow();
    int server = seen.serverToClient().firstRow();
    int previous = -1;
    long silence = 0;
    long survived = 0;
    while ((client >= 0 && client <= row) || (server >= 0 && server <= row)) {
      boolean isClient = server < 0 || (client >= 0 && client < server);
      int next = isClient ? client : server;
      survived = Math.max(survived, silence);
      silence = previous < 0 ? 0 : table.timeNanos(next) - table.timeNanos(previous);
      previous = next;
      client = isClient ? table.next(client) : client;
      server = isClient ? server : table.next(server);
    }
    return new SilenceBefore(silence, survived);
  }

  /** Whether it is long enough to be forgotten, and longer than any before. */
  public boolean isLongest() {
    return nanos >= InjectedSegment.LEAST_IDLE_NANOS && nanos > survivedNanos;
  }
}
