package org.mssbridge.sieve;

import java.util.Arrays;
import org.mssbridge.capturefile.Bytes;
import org.mssbridge.capturefile.CaptureRecords;

/**
 * One row for each frame of a capture, in order: for a segment that the sieve read, everything that
 * {@link PlainFrame} returns; for any other frame only its time and lengths.
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

    /** Null where the sieve did not read the frame. */
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

    /** Where the row's details are, 0 if it has none; see {@link #details}. */
    final int[] detailsAt = new int[ROWS];

    /**
     * What few rows have: the length of the option list and the list, where it is not the usual one
     * with timestamps; then eight bytes of the data's digest and eight of a TLS random, 0 for none.
     */
    byte[] details = new byte[1 << 10];

    private int detailsEnd = 1;

    Chunk next;

    private byte[] withRoom(int bytes) {
      if (detailsEnd + bytes > details.length) {
        details = Arrays.copyOf(details, Math.max(2 * details.length, detailsEnd + bytes));
      }
      return details;
    }
  }

  /** Time of a frame whose time the sieve does not know. */
  static final long NO_TIME = CaptureRecords.NO_TIME;

  static final int FLAGS = 0xfff;

  /** Whether tshark is given the frame. */
  static final int SHOWN = 1 << 12;

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

  /** Number of VLAN tags, two bits. */
  static final int VLAN_TAGS_SHIFT = 25;

  static final int VLAN_TAGS_MASK = 3;

  /** Whether the values are tshark's, since the sieve has not read all of the segment. */
  static final int ASKED = 1 << 27;

  /** Whether tshark was given all earlier frames of the conversation. */
  static final int WATCHED = 1 << 28;

  /** Whether the data may be the first of its direction, so that its digest is known. */
  static final int DIGESTED = 1 << 29;

  /** Whether the data is HTTP. */
  static final int HTTP = 1 << 30;

  /** Whether it is a packet of UDP in which tshark finds nothing that is used. */
  static final int DATAGRAM = 1 << 31;

  static final int DIGEST_BYTES = 8;

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

  /** Appends a row for a frame; until {@link #describe} is called, tshark reads the frame. */
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
    tail.traits[i] = SHOWN;
    size++;
  }

  /**
   * Adds the segment's headers to the last row.
   *
   * @param traits {@link #SHOWN}, {@link #ASKED}, {@link #WATCHED}, {@link #DIGESTED}, {@link
   *     #HTTP}
   * @param digest of the first bytes of the data, 0 for none
   * @param tlsRandom see {@link Payload#tlsRandom}
   */
  void describe(
      Conversation conversation,
      int sender,
      TcpHeaders segment,
      int traits,
      long digest,
      long tlsRandom) {
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
            | traits
            | sender * SECOND_SENDS
            | (segment.dontFragment() ? DONT_FRAGMENT : 0)
            | (timestamp ? TIMESTAMP : 0)
            | (segment.isIpv6() ? IPV6 : 0)
            | (segment.isPppoe() ? PPPOE : 0)
            | segment.labels() << LABELS_SHIFT
            | segment.headerSum().code() << HEADER_SUM_SHIFT
            | segment.checksumState().code() << CHECKSUM_SHIFT
            | segment.vlanTags() << VLAN_TAGS_SHIFT;
    boolean hasOptions = !timestamp && !segment.hasNoOptions();
    if (hasOptions || digest != 0 || tlsRandom != 0) {
      addDetails(i, segment, hasOptions, digest, tlsRandom);
    }
  }

  /** Adds to the last row that it is a packet of UDP in which tshark finds nothing. */
  void describe(DatagramHeaders packet, boolean isShown) {
    int i = (size - 1) & (Chunk.ROWS - 1);
    tail.payloadBytesAndChecksum[i] = packet.ipBytes();
    tail.traits[i] = DATAGRAM | (isShown ? SHOWN : 0);
  }

  private void addDetails(
      int i, TcpHeaders segment, boolean hasOptions, long digest, long tlsRandom) {
    int optionBytes = hasOptions ? segment.headerBytes() - TcpHeaders.TCP_BYTES : 0;
    byte[] details = tail.withRoom(1 + optionBytes + 2 * DIGEST_BYTES);
    int at = tail.detailsEnd;
    tail.detailsAt[i] = at;
    details[at++] = (byte) optionBytes;
    System.arraycopy(segment.bytes(), segment.optionsAt(), details, at, optionBytes);
    at += optionBytes;
    Bytes.putInt64(details, at, digest);
    Bytes.putInt64(details, at + DIGEST_BYTES, tlsRandom);
    tail.detailsEnd = at + 2 * DIGEST_BYTES;
  }
}
