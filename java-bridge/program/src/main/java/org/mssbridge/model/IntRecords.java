package org.mssbridge.model;

import java.util.Arrays;

/**
 * Records of the same few ints each, in large arrays: what the fields of many small objects would
 * be, of which the garbage collector would have to copy each. The ints of a record are side by
 * side; otherwise each would be a cache miss.
 */
public final class IntRecords {
  private static final int CHUNK_BITS = 10;
  private static final int CHUNK_RECORDS = 1 << CHUNK_BITS;
  private static final int CHUNK_MASK = CHUNK_RECORDS - 1;

  private final int fields;
  private int[][] chunks = new int[16][];
  private int size;

  /**
   * @param fields number of ints of a record
   */
  public IntRecords(int fields) {
    this.fields = fields;
  }

  /** Adds a record of zeros and returns its number; these count from 0. */
  public int add() {
    int chunk = size >> CHUNK_BITS;
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunks.length * 2);
    }
    if (chunks[chunk] == null) {
      chunks[chunk] = new int[CHUNK_RECORDS * fields];
    }
    return size++;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The value of a field. */
  public int get(int record, int field) {
    return chunks[record >> CHUNK_BITS][(record & CHUNK_MASK) * fields + field];
  }

  /** Sets a field. */
  public void set(int record, int field, int value) {
    chunks[record >> CHUNK_BITS][(record & CHUNK_MASK) * fields + field] = value;
  }

  /** Counts one more. */
  public void count(int record, int field) {
    chunks[record >> CHUNK_BITS][(record & CHUNK_MASK) * fields + field]++;
  }

  /** The number in two fields, the upper half in the first of them. */
  public long getLong(int record, int field) {
    return ((long) get(record, field) << Integer.SIZE)
        | Integer.toUnsignedLong(get(record, field + 1));
  }

  /** Sets the number in two fields. */
  public void setLong(int record, int field, long value) {
    set(record, field, (int) (value >>> Integer.SIZE));
    set(record, field + 1, (int) value);
  }
}
