package org.mssbridge.sieve;

import org.mssbridge.capturefile.CaptureRecords;

/**
 * One row for each frame of a capture, in order: for a plain frame everything that {@link
 * PlainFrame} returns, for an evidence frame the values that tshark's output is compared with.
 *
 * <p>One thread writes; another reads, and chunks it has read can be garbage-collected. Rows are
 * published before their frames are handed to tshark, so they are available when tshark answers.
 */
final class Ledger {
  private Chunk tail = new Chunk();
  private int size;
  private volatile int published;

  /** Columns of consecutive rows. */
  static final class Chunk {
    static final int ROWS = 1 << 12;

    final Conversation[] conversation = new Conversation[ROWS];
    final long[] timeNanos = new long[ROWS];
    final int[] capturedBytes = new int[ROWS];
    final int[] frameBytes = new int[ROWS];
    final int[] sequence = new int[ROWS];
    final int[] acknowledgment = new int[ROWS];
    final int[] timestamp = new int[ROWS];
    final int[] timestampEcho = new int[ROWS];
    final int[] payloadBytesAndChecksum = new int[ROWS];
    final int[] ipIdAndWindow = new int[ROWS];
    final int[] ttlAndDsField = new int[ROWS];
    final int[] traits = new int[ROWS];
    Chunk next;
  }

  /** Time of a frame whose time the sieve does not know. */
  static final long NO_TIME = CaptureRecords.NO_TIME;

  static final int FLAGS = 0xfff;
  static final int PLAIN = 1 << 12;
  static final int SECOND_SENDS = 1 << 13;
  static final int DONT_FRAGMENT = 1 << 14;
  static final int TIMESTAMP = 1 << 15;
  static final int IPV6 = 1 << 16;
  static final int PPPOE = 1 << 17;

  /** Number of MPLS labels, three bits. */
  static final int LABELS_SHIFT = 18;

  static final int LABELS_MASK = 7;

  /** The code of the IP header's checksum, two bits. */
  static final int HEADER_SUM_SHIFT = 21;

  static final int HEADER_SUM_MASK = 3;

  /** The code of the {@link org.mssbridge.model.ChecksumState}, two bits. */
  static final int CHECKSUM_SHIFT = 23;

  static final int CHECKSUM_MASK = 3;

  /** The chunk of the first row; the reader must call this before anything is written. */
  Chunk head() {
    return tail;
  }

  /** Number of rows that the reader may read. */
  int published() {
    return published;
  }

  /** Makes all rows visible to the reader. */
  void publish() {
    published = size;
  }

  /**
   * Appends a row for a frame; until {@link #describe} is called, it is evidence with unknown
   * headers.
   */
  void append(long timeNanos, int capturedBytes, int frameBytes) {
    int i = size & (Chunk.ROWS - 1);
    if (i == 0 && size > 0) {
      Chunk added = new Chunk();
      tail.next = added;
      tail = added;
      publish();
    }
    tail.timeNanos[i] = timeNanos;
    tail.capturedBytes[i] = capturedBytes;
    tail.frameBytes[i] = frameBytes;
    size++;
  }

  /** Adds the segment's headers to the last row. */
  void describe(Conversation conversation, int sender, TcpHeaders segment, boolean isPlain) {
    int i = (size - 1) & (Chunk.ROWS - 1);
    boolean timestamp = segment.hasTimestampOnly();
    tail.conversation[i] = conversation;
    tail.sequence[i] = segment.sequence();
    tail.acknowledgment[i] = segment.acknowledgment();
    if (timestamp) {
      tail.timestamp[i] = segment.timestamp();
      tail.timestampEcho[i] = segment.timestampEcho();
    }
    tail.payloadBytesAndChecksum[i] = segment.payloadBytes() << 16 | segment.checksum();
    tail.ipIdAndWindow[i] = segment.ipId() << 16 | segment.window();
    tail.ttlAndDsField[i] = segment.ttl() << 8 | segment.dsField();
    tail.traits[i] =
        segment.flags()
            | (isPlain ? PLAIN : 0)
            | sender * SECOND_SENDS
            | (segment.dontFragment() ? DONT_FRAGMENT : 0)
            | (timestamp ? TIMESTAMP : 0)
            | (segment.isIpv6() ? IPV6 : 0)
            | (segment.isPppoe() ? PPPOE : 0)
            | segment.labels() << LABELS_SHIFT
            | segment.headerSum().code() << HEADER_SUM_SHIFT
            | segment.checksumState().code() << CHECKSUM_SHIFT;
  }
}
