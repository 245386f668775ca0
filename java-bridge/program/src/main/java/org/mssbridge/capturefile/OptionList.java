package org.mssbridge.capturefile;

/**
 * The options of a pcapng block (draft-ietf-opsawg-pcapng, section 3.5). The object is a cursor and
 * can be reused for another list.
 */
final class OptionList {
  static final int HEADER_BYTES = 4;

  private byte[] bytes = {};
  private boolean isLittle;
  private int at;
  private int following;
  private int limit;
  private boolean isTerminated;

  /**
   * Moves the cursor before the first option of a list.
   *
   * @param from the first byte of the list
   * @param to the byte after the space for it
   */
  OptionList over(byte[] block, int from, int to, boolean isLittleEndian) {
    bytes = block;
    isLittle = isLittleEndian;
    at = from;
    following = from;
    limit = to;
    isTerminated = false;
    return this;
  }

  /** Moves to the next option; false at the end of the list and before damage. */
  boolean next() {
    at = following;
    if (isTerminated || limit - at < HEADER_BYTES) {
      return false;
    }
    if (code() == OptionCode.END) {
      isTerminated = true;
      return false;
    }
    int end = at + HEADER_BYTES + Bytes.padded(length());
    if (end > limit) {
      return false;
    }
    following = end;
    return true;
  }

  int code() {
    return Bytes.uint16(bytes, at, isLittle);
  }

  /** Bytes of the value, without padding. */
  int length() {
    return Bytes.uint16(bytes, at + 2, isLittle);
  }

  /** The buffer that holds the list. */
  byte[] bytes() {
    return bytes;
  }

  /** The index of the value in {@link #bytes}. */
  int valueAt() {
    return at + HEADER_BYTES;
  }

  int int32() {
    return Bytes.int32(bytes, valueAt(), isLittle);
  }

  long int64() {
    return Bytes.int64(bytes, valueAt(), isLittle);
  }

  /** A time in ticks: two numbers of 32 bits, the upper one first in either byte order. */
  long ticks() {
    return (long) int32() << 32
        | Integer.toUnsignedLong(Bytes.int32(bytes, valueAt() + 4, isLittle));
  }

  int uint8() {
    return bytes[valueAt()] & 0xff;
  }

  /** The byte after the space for the list. */
  int limit() {
    return limit;
  }

  /**
   * The index where the list ends, without its end mark; valid after {@link #next} has returned
   * false.
   */
  int end() {
    return at;
  }

  /** Whether there is an end mark; valid after {@link #next} has returned false. */
  boolean isTerminated() {
    return isTerminated;
  }

  /**
   * Whether an option reaches beyond the list's space; valid after {@link #next} has returned
   * false.
   */
  boolean isDamaged() {
    return !isTerminated && at != limit;
  }
}
