package org.mssbridge.flow;

import java.util.Arrays;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.HeaderSum;
import org.mssbridge.model.IntRecords;
import org.mssbridge.model.SequenceNumber;

/**
 * All TCP segments of one capture in columns of primitives, 43 bytes per row. A segment is
 * identified by its row. The rows of a connection are in capture order, those of each direction
 * chained by {@link #next}. They are stored side by side in blocks; otherwise each step along a
 * connection would be a cache miss.
 */
public final class SegmentTable {
  private static final int CHUNK_BITS = 13;
  private static final int CHUNK_ROWS = 1 << CHUNK_BITS;
  private static final int CHUNK_MASK = CHUNK_ROWS - 1;

  private static final int FLAG_BITS = 0xfff;
  private static final int DONT_FRAGMENT = 1 << 12;
  private static final int SACK = 1 << 13;
  private static final int TIMESTAMP = 1 << 14;
  private static final int IP_ID = 1 << 15;
  private static final int TTL_SHIFT = 16;
  private static final int TTL_MASK = 0x1ff;
  private static final int PAYLOAD_SUM = 1 << 25;

  /** The length of the options in words of 4 bytes, as the header counts them; 15: unknown. */
  private static final int OPTIONS_SHIFT = 26;

  private static final int OPTIONS_MASK = 0xf;
  private static final int UNKNOWN_OPTIONS = 15;

  /** The code of {@link HeaderSum}, two bits. */
  private static final int HEADER_SUM_SHIFT = 30;

  /** A timestamps option with its padding (RFC 7323, appendix A). */
  private static final int TIMESTAMP_BYTES = 12;

  // What a block has: its next row, the end of the rows reserved for it, and how many these were.
  private static final int NEXT = 0;
  private static final int END = 1;
  private static final int ROWS = 2;
  private static final int BLOCK_FIELDS = 3;

  /** A SYN and its answer: in a scan, most have no more. */
  private static final int FIRST_ROWS = 2;

  /** Each time, twice as many are reserved as before, up to this. */
  private static final int MOST_ROWS = 128;

  private final IntRecords blocks = new IntRecords(BLOCK_FIELDS);
  private Chunk[] chunks = new Chunk[16];

  /** Number of rows in use or reserved. */
  private int size;

  /** SACK blocks are rare: row, left edge and right edge, one after the other. */
  private int[] sacks = new int[48];

  private boolean timed = true;

  private int sackLength;

  /** An empty table. */
  SegmentTable() {}

  private static final class Chunk {
    final int[] frame = new int[CHUNK_ROWS];
    final long[] timeNanos = new long[CHUNK_ROWS];
    final int[] sequence = new int[CHUNK_ROWS];
    final int[] acknowledgment = new int[CHUNK_ROWS];
    final int[] payloadBytes = new int[CHUNK_ROWS];
    final int[] traits = new int[CHUNK_ROWS];
    final int[] ipIdAndWindow = new int[CHUNK_ROWS];
    final int[] timestamp = new int[CHUNK_ROWS];
    final int[] next = new int[CHUNK_ROWS];
    final short[] payloadSum = new short[CHUNK_ROWS];
    final byte[] dsField = new byte[CHUNK_ROWS];
    final byte[] checksum = new byte[CHUNK_ROWS];
  }

  /** The values of a row; see the accessors for units and ranges. */
  record Row(
      int frame,
      long timeNanos,
      int sequence,
      int acknowledgment,
      int payloadBytes,
      int flags,
      int window,
      int ttl,
      int ipId,
      boolean dontFragment,
      long timestamp,
      int dsField,
      int payloadSum,
      ChecksumState checksum,
      int optionBytes,
      HeaderSum headerSum) {}

  /** Adds rows for another connection and returns their number, from 0. */
  int addBlock() {
    return blocks.add();
  }

  private int nextRow(int block) {
    int next = blocks.get(block, NEXT);
    if (next == blocks.get(block, END)) {
      int last = blocks.get(block, ROWS);
      int rows = last == 0 ? FIRST_ROWS : Math.min(2 * last, MOST_ROWS);
      next = size;
      size = Math.addExact(size, rows);
      blocks.set(block, END, size);
      blocks.set(block, ROWS, rows);
      addChunk();
    }
    blocks.set(block, NEXT, next + 1);
    return next;
  }

  /** What is reserved is smaller than a chunk, so one more chunk is always enough. */
  private void addChunk() {
    int last = (size - 1) >> CHUNK_BITS;
    if (last >= chunks.length) {
      chunks = Arrays.copyOf(chunks, chunks.length * 2);
    }
    if (chunks[last] == null) {
      chunks[last] = new Chunk();
    }
  }

  /** Appends a segment to a connection and returns its row. */
  int append(Row row, int block) {
    int place = nextRow(block);
    Chunk chunk = chunk(place);
    int i = place & CHUNK_MASK;
    chunk.frame[i] = row.frame();
    chunk.timeNanos[i] = row.timeNanos();
    chunk.sequence[i] = row.sequence();
    chunk.acknowledgment[i] = row.acknowledgment();
    chunk.payloadBytes[i] = row.payloadBytes();
    chunk.ipIdAndWindow[i] = (row.ipId() << 16) | (row.window() & 0xffff);
    chunk.timestamp[i] = (int) row.timestamp();
    chunk.traits[i] =
        (row.flags() & FLAG_BITS)
            | (row.dontFragment() ? DONT_FRAGMENT : 0)
            | (row.timestamp() >= 0 ? TIMESTAMP : 0)
            | (row.ipId() >= 0 ? IP_ID : 0)
            | (row.payloadSum() >= 0 ? PAYLOAD_SUM : 0)
            | ((row.ttl() + 1) << TTL_SHIFT)
            | ((row.optionBytes() < 0 ? UNKNOWN_OPTIONS : row.optionBytes() / 4) << OPTIONS_SHIFT)
            | (row.headerSum().code() << HEADER_SUM_SHIFT);
    chunk.payloadSum[i] = (short) row.payloadSum();
    chunk.dsField[i] = (byte) Math.max(0, row.dsField());
    chunk.checksum[i] = (byte) row.checksum().code();
    chunk.next[i] = -1;
    return place;
  }

  void appendSack(int row, int left, int right) {
    if (sackLength + 3 > sacks.length) {
      sacks = Arrays.copyOf(sacks, sacks.length * 2);
    }
    sacks[sackLength++] = row;
    sacks[sackLength++] = left;
    sacks[sackLength++] = right;
    chunk(row).traits[row & CHUNK_MASK] |= SACK;
  }

  void chain(int row, int next) {
    chunk(row).next[row & CHUNK_MASK] = next;
  }

  /** Appends a copy of a row, with its SACK blocks, and returns the copy. */
  int appendCopy(int row, int block) {
    int copy =
        append(
            new Row(
                frame(row),
                timeNanos(row),
                sequence(row),
                acknowledgment(row),
                payloadBytes(row),
                flags(row),
                window(row),
                ttl(row),
                ipId(row),
                dontFragment(row),
                hasTimestamp(row) ? Integer.toUnsignedLong(timestamp(row)) : -1,
                dsField(row),
                payloadSum(row),
                checksum(row),
                optionBytes(row),
                headerSum(row)),
            block);
    for (int entry = firstSack(row); entry >= 0 && isSackOf(entry, row); entry++) {
      appendSack(copy, sackLeft(entry), sackRight(entry));
    }
    return copy;
  }

  /** Sorts the SACK blocks by row, as they must be before anything is read. */
  void finish() {
    long[] order = new long[sackLength / 3];
    for (int i = 0; i < order.length; i++) {
      order[i] = (long) sacks[3 * i] << 32 | i;
    }
    Arrays.sort(order);
    int[] sorted = new int[sackLength];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(sacks, 3 * (int) order[i], sorted, 3 * i, 3);
    }
    sacks = sorted;
  }

  private Chunk chunk(int row) {
    return chunks[row >> CHUNK_BITS];
  }

  /** The next row of the same direction of the same connection, -1 after the last. */
  public int next(int row) {
    return chunk(row).next[row & CHUNK_MASK];
  }

  /** Frame number in the capture, from 1. */
  public int frame(int row) {
    return chunk(row).frame[row & CHUNK_MASK];
  }

  /** Records that a packet of the capture has no time. */
  void lackTime() {
    timed = false;
  }

  /**
   * Whether all packets of the capture have a time. Where one has none, {@link #timeNanos} tells
   * the order of its packets only.
   */
  public boolean isTimed() {
    return timed;
  }

  /**
   * Nanoseconds since 1970 on the capture's clock; for a packet without a time, that of the packet
   * before it.
   */
  public long timeNanos(int row) {
    return chunk(row).timeNanos[row & CHUNK_MASK];
  }

  /** Raw sequence number. */
  public int sequence(int row) {
    return chunk(row).sequence[row & CHUNK_MASK];
  }

  /** Raw acknowledgment number. */
  public int acknowledgment(int row) {
    return chunk(row).acknowledgment[row & CHUNK_MASK];
  }

  /**
   * Length of the TCP options in bytes, padding included. Where the header was not read whole, that
   * of a timestamps option, which is what nearly all segments with data have.
   */
  public int optionBytes(int row) {
    int words = (chunk(row).traits[row & CHUNK_MASK] >>> OPTIONS_SHIFT) & OPTIONS_MASK;
    return words != UNKNOWN_OPTIONS ? words * 4 : hasTimestamp(row) ? TIMESTAMP_BYTES : 0;
  }

  /** Bytes of data as they were on the wire. */
  public int payloadBytes(int row) {
    return chunk(row).payloadBytes[row & CHUNK_MASK];
  }

  /** Flags of the TCP header. */
  public int flags(int row) {
    return chunk(row).traits[row & CHUNK_MASK] & FLAG_BITS;
  }

  /** The checksum of its IP header. */
  public HeaderSum headerSum(int row) {
    return HeaderSum.ofCode(chunk(row).traits[row & CHUNK_MASK] >>> HEADER_SUM_SHIFT);
  }

  /** Whether routers must not fragment it. */
  public boolean dontFragment(int row) {
    return (chunk(row).traits[row & CHUNK_MASK] & DONT_FRAGMENT) != 0;
  }

  /** TTL or hop limit, -1 where unknown. */
  public int ttl(int row) {
    return ((chunk(row).traits[row & CHUNK_MASK] >>> TTL_SHIFT) & TTL_MASK) - 1;
  }

  /** The window field, not scaled. */
  public int window(int row) {
    return chunk(row).ipIdAndWindow[row & CHUNK_MASK] & 0xffff;
  }

  /** IPv4 identification, -1 for IPv6. */
  public int ipId(int row) {
    Chunk chunk = chunk(row);
    int i = row & CHUNK_MASK;
    return (chunk.traits[i] & IP_ID) != 0 ? chunk.ipIdAndWindow[i] >>> 16 : -1;
  }

  /** The DS field of the IP header: DSCP in the upper six bits, ECN in the lower two. */
  public int dsField(int row) {
    return chunk(row).dsField[row & CHUNK_MASK] & 0xff;
  }

  /**
   * The sum of the payload's 16-bit words, 0 to 65534, computed from the checksum; 0 without
   * payload. -1 where the checksum was left to the hardware or the header was not read whole. See
   * {@link PayloadSum}.
   */
  public int payloadSum(int row) {
    Chunk chunk = chunk(row);
    int i = row & CHUNK_MASK;
    return (chunk.traits[i] & PAYLOAD_SUM) != 0 ? chunk.payloadSum[i] & 0xffff : -1;
  }

  /** Whether the checksum fits the segment. */
  public ChecksumState checksum(int row) {
    return ChecksumState.of(chunk(row).checksum[row & CHUNK_MASK]);
  }

  /** Whether the timestamps option is present. */
  public boolean hasTimestamp(int row) {
    return (chunk(row).traits[row & CHUNK_MASK] & TIMESTAMP) != 0;
  }

  /** TSval as raw 32 bits; 0 where the option is absent. */
  public int timestamp(int row) {
    return hasTimestamp(row) ? chunk(row).timestamp[row & CHUNK_MASK] : 0;
  }

  /** Whether it carries SACK blocks. */
  public boolean hasSack(int row) {
    return (chunk(row).traits[row & CHUNK_MASK] & SACK) != 0;
  }

  /**
   * The first entry of a row's SACK blocks; {@link #isSackOf} shows where they end.
   *
   * @return an index for {@link #sackLeft} and {@link #sackRight}
   */
  public int firstSack(int row) {
    int low = 0;
    int high = sackLength / 3;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sacks[3 * middle] < row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether the entry exists and belongs to the row. */
  public boolean isSackOf(int entry, int row) {
    return 3 * entry < sackLength && sacks[3 * entry] == row;
  }

  /** Left edge of a SACK block: the raw sequence number of its first byte. */
  public int sackLeft(int entry) {
    return sacks[3 * entry + 1];
  }

  /** Right edge of a SACK block: the raw sequence number after its last byte. */
  public int sackRight(int entry) {
    return sacks[3 * entry + 2];
  }

  /**
   * Position of a segment's first byte, counted from a base without wrapping.
   *
   * @param base the raw sequence number that counts as 0, usually the ISN
   * @param reference a position near it
   */
  public long position(int row, int base, long reference) {
    return SequenceNumber.unwrap(sequence(row) - base, reference);
  }
}
