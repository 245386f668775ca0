package org.mssbridge.bench;

import java.nio.ByteBuffer;

/** The Internet checksum (RFC 1071). */
final class Checksum {
  private Checksum() {}

  /** The sum of big-endian words; sums of parts may be added if each but the last is even. */
  static long sum(ByteBuffer buffer, int start, int bytes) {
    long sum = 0;
    int position = start;
    int end = start + bytes;
    for (; position + 4 <= end; position += 4) {
      sum += buffer.getInt(position) & 0xFFFF_FFFFL;
    }
    for (; position + 2 <= end; position += 2) {
      sum += buffer.getShort(position) & 0xFFFF;
    }
    if (position < end) {
      sum += (buffer.get(position) & 0xFF) << 8;
    }
    return sum;
  }

  static short folded(long sum) {
    long folded = sum;
    while (folded > 0xFFFF) {
      folded = (folded >>> 16) + (folded & 0xFFFF);
    }
    return (short) ~folded;
  }
}
