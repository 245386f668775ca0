package org.mssbridge.sieve;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The part of a stream that is looked at: one buffer, in which whatever is asked for stands in one
 * piece.
 */
final class Window {
  private static final int BYTES = 1 << 20;

  /**
   * Room behind all that was read, so that short headers can be read before the end is looked at.
   */
  private static final int SLACK_BYTES = 128;

  private static final VarHandle BIG_INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private final InputStream input;
  private byte[] bytes = new byte[BYTES + SLACK_BYTES];
  private int position;
  private int end;

  Window(InputStream input) {
    this.input = input;
  }

  /** Whether that many bytes are left; they then stand in {@link #bytes} in one piece. */
  boolean has(int count) throws IOException {
    return end - position >= count || fill(count);
  }

  private boolean fill(int count) throws IOException {
    boolean fits = count + SLACK_BYTES <= bytes.length;
    byte[] target = fits ? bytes : new byte[Integer.highestOneBit(count) * 2 + SLACK_BYTES];
    System.arraycopy(bytes, position, target, 0, end - position);
    bytes = target;
    end -= position;
    position = 0;
    while (end < count) {
      int read = input.read(bytes, end, bytes.length - SLACK_BYTES - end);
      if (read < 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  /** The buffer; another one after each call of {@link #has}. */
  byte[] bytes() {
    return bytes;
  }

  /** Where in the buffer the next byte stands. */
  int position() {
    return position;
  }

  /** How many bytes stand in the buffer from there on. */
  int remaining() {
    return end - position;
  }

  void skip(int count) {
    position += count;
  }

  /** The four bytes at a place in the buffer, in network byte order. */
  static int int32(byte[] bytes, int at) {
    return (int) BIG_INTS.get(bytes, at);
  }

  /** The four bytes at a place in the buffer, in network byte order or the other. */
  static int int32(byte[] bytes, int at, boolean isLittle) {
    int number = int32(bytes, at);
    return isLittle ? Integer.reverseBytes(number) : number;
  }

  /** The eight bytes at a place in the buffer, in network byte order. */
  static long int64(byte[] bytes, int at) {
    return (long) BIG_LONGS.get(bytes, at);
  }

  /** The two bytes at a place in the buffer as an unsigned number, in network byte order. */
  static int uint16(byte[] bytes, int at) {
    return (short) BIG_SHORTS.get(bytes, at) & 0xffff;
  }

  /** The two bytes at a place in the buffer as an unsigned number, in either byte order. */
  static int uint16(byte[] bytes, int at, boolean isLittle) {
    int number = uint16(bytes, at);
    return isLittle ? Short.toUnsignedInt(Short.reverseBytes((short) number)) : number;
  }
}
