package org.mssbridge.pairing;

/**
 * The numbers of two connections in one long, so that millions of pairs fit in an array that sorts.
 */
final class PackedPair {
  private PackedPair() {}

  /** The pair of a connection of the first capture and one of the second. */
  static long of(int first, int second) {
    return ((long) first << 32) | second;
  }

  /** The number of the connection of the first capture. */
  static int first(long pair) {
    return (int) (pair >>> 32);
  }

  /** The number of the connection of the second capture. */
  static int second(long pair) {
    return (int) pair;
  }
}
