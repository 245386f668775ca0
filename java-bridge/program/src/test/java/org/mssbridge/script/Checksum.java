package org.mssbridge.script;

/** The Internet checksum (RFC 1071) and its incremental update (RFC 1624). */
final class Checksum {
  private Checksum() {}

  /** The complement of the folded sum, as written in a header. */
  static int of(byte[] bytes, int from, int to) {
    return ~fold(sum(bytes, from, to)) & 0xffff;
  }

  /** The folded sum of the 16-bit words. */
  static int sum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int at = from; at < to; at++) {
      int value = bytes[at] & 0xff;
      sum += (at - from) % 2 == 0 ? value << 8 : value;
      sum = fold(sum);
    }
    return sum;
  }

  static int fold(int sum) {
    int folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return folded;
  }

  /** The sum of the pseudo-header (RFC 9293, section 3.1; RFC 8200, section 8.1). */
  static int pseudoHeader(byte[] source, byte[] destination, int protocol, int lengthBytes) {
    return sum(source, 0, source.length)
        + sum(destination, 0, destination.length)
        + protocol
        + fold(lengthBytes);
  }

  /**
   * The checksum after a 16-bit word changed (RFC 1624, equation 3); a wrong checksum stays wrong.
   */
  static int updated(int checksum, int oldWord, int newWord) {
    return ~fold((~checksum & 0xffff) + (~oldWord & 0xffff) + (newWord & 0xffff)) & 0xffff;
  }
}
