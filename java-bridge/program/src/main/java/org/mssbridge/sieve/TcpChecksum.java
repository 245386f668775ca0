package org.mssbridge.sieve;

import org.mssbridge.capturefile.Bytes;
import org.mssbridge.model.ChecksumState;

/** Verifies the TCP checksum of a segment (RFC 9293, section 3.1; RFC 1071). */
final class TcpChecksum {
  private static final int PROTOCOL = 6;
  private static final int ONES = 0xffff;
  private static final long LOW = 0xffff_ffffL;

  private TcpChecksum() {}

  /**
   * Whether a checksum fits its segment; unknown where the packet was cut.
   *
   * @param addressesAt where the IP header has both addresses, one after the other
   * @param addressesBytes the length of both together
   * @param tcpAt where the TCP header begins
   * @param tcpBytes the length of the TCP header and of the data
   * @param checksum the checksum field
   */
  static ChecksumState of(
      byte[] bytes, int addressesAt, int addressesBytes, int tcpAt, int tcpBytes, int checksum) {
    if (checksum == ChecksumState.AMBIGUOUS) {
      return ChecksumState.UNKNOWN;
    }
    long pseudo = sum(bytes, addressesAt, addressesBytes) + PROTOCOL + tcpBytes;
    if (pseudo % ONES == checksum % ONES) {
      return ChecksumState.INCOMPLETE;
    }
    return (pseudo + sum(bytes, tcpAt, tcpBytes)) % ONES == 0
        ? ChecksumState.RIGHT
        : ChecksumState.WRONG;
  }

  /**
   * A number that is the sum of the 16-bit words modulo 65535. Longer words may be added instead,
   * since 2^16 is 1 modulo 65535 (RFC 1071, section 2 C).
   */
  private static long sum(byte[] bytes, int start, int length) {
    int at = start;
    int end = start + length;
    long first = 0;
    long second = 0;
    // Two sums of halves: neither overflows, and neither waits for the other.
    for (; at <= end - 32; at += 32) {
      long a = Bytes.int64(bytes, at);
      long b = Bytes.int64(bytes, at + 8);
      long c = Bytes.int64(bytes, at + 16);
      long d = Bytes.int64(bytes, at + 24);
      first += (a & LOW) + (a >>> 32) + (b & LOW) + (b >>> 32);
      second += (c & LOW) + (c >>> 32) + (d & LOW) + (d >>> 32);
    }
    long sum = first + second;
    for (; at <= end - 4; at += 4) {
      sum += Bytes.int32(bytes, at) & LOW;
    }
    if (at <= end - 2) {
      sum += Bytes.uint16(bytes, at);
      at += 2;
    }
    return at < end ? sum + ((bytes[at] & 0xff) << 8) : sum;
  }
}
