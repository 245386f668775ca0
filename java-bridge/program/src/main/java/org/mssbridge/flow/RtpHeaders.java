package org.mssbridge.flow;

import java.util.Arrays;

/**
 * What may be RTP headers in a table, in the order of the capture, 16 bytes each (RFC 3550, section
 * 5.1). One is identified by its index.
 */
public final class RtpHeaders {
  private int[] rows = {};
  private long[] starts = {};
  private int[] sources = {};
  private int size;

  /**
   * Whether one direction of a flow may be RTP; it is given up when most of it has no such header.
   */
  static final class Guess {
    private static final int PATIENCE = 32;

    private int source;
    private int doubt;

    boolean isGivenUp() {
      return doubt > PATIENCE;
    }

    /** Notes a packet; several sources may take turns. */
    void note(boolean isLikeRtp, int newSource) {
      boolean isOfSame = isLikeRtp && newSource == source;
      doubt = Math.max(0, doubt + (isOfSame ? -1 : 1));
      source = isLikeRtp ? newSource : source;
    }
  }

  void add(int row, long start, int source) {
    if (size == rows.length) {
      int capacity = Math.max(64, size + (size >> 1));
      rows = Arrays.copyOf(rows, capacity);
      starts = Arrays.copyOf(starts, capacity);
      sources = Arrays.copyOf(sources, capacity);
    }
    rows[size] = row;
    starts[size] = start;
    sources[size++] = source;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The header in a row of the table; -1 where it holds none. */
  public int in(int row) {
    return Math.max(-1, Arrays.binarySearch(rows, 0, size, row));
  }

  /** Its synchronization source. */
  public int source(int header) {
    return sources[header];
  }

  /** The number of its payload type (RFC 3551, section 6). */
  public int payloadType(int header) {
    return (int) (starts[header] >>> 48) & 0x7f;
  }

  /** Its sequence number, 16 bits. */
  public int sequence(int header) {
    return (int) (starts[header] >>> 32) & 0xffff;
  }

  /** Its timestamp, in ticks of a clock that the payload type names. */
  public int timestamp(int header) {
    return (int) starts[header];
  }
}
