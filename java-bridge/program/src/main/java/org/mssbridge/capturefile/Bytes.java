package org.mssbridge.capturefile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads and writes fixed-size numbers in a byte array, in network order unless stated otherwise.
 */
public final class Bytes {
  private static final VarHandle BIG_INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private Bytes() {}

  /** The four bytes at an index. */
  public static int int32(byte[] bytes, int at) {
    return (int) BIG_INTS.get(bytes, at);
  }

  /** The eight bytes at an index. */
  public static long int64(byte[] bytes, int at) {
    return (long) BIG_LONGS.get(bytes, at);
  }

  /** The two bytes at an index as an unsigned number. */
  public static int uint16(byte[] bytes, int at) {
    return (short) BIG_SHORTS.get(bytes, at) & 0xffff;
  }

  /** Writes four bytes at an index. */
  public static void putInt16(byte[] bytes, int at, int number) {
    bytes[at] = (byte) (number >> 8);
    bytes[at + 1] = (byte) number;
  }

  public static void putInt32(byte[] bytes, int at, int number) {
    BIG_INTS.set(bytes, at, number);
  }

  /** Writes eight bytes at an index. */
  public static void putInt64(byte[] bytes, int at, long number) {
    BIG_LONGS.set(bytes, at, number);
  }

  /** The four bytes at an index, in little-endian or network order. */
  static int int32(byte[] bytes, int at, boolean isLittle) {
    int number = int32(bytes, at);
    return isLittle ? Integer.reverseBytes(number) : number;
  }

  /** The eight bytes at an index, in little-endian or network order. */
  static long int64(byte[] bytes, int at, boolean isLittle) {
    long number = int64(bytes, at);
    return isLittle ? Long.reverseBytes(number) : number;
  }

  /** The two bytes at an index as an unsigned number, in little-endian or network order. */
  static int uint16(byte[] bytes, int at, boolean isLittle) {
    int number = uint16(bytes, at);
    return isLittle ? Short.toUnsignedInt(Short.reverseBytes((short) number)) : number;
  }

  /** A length rounded up to a multiple of four bytes, as pcapng pads data and options. */
  static int padded(int length) {
    return (length + 3) & ~3;
  }
}
