package org.mssbridge.sieve;

import org.mssbridge.capturefile.Bytes;

/** The question of a DNS message (RFC 1035, section 4.1). */
final class DnsQuestion {
  private static final int HEADER_BYTES = 12;
  private static final int OPCODE = 0x7800;
  private static final int TYPE_AND_CLASS_BYTES = 4;
  private static final int MOST_LABEL_BYTES = 63;
  private static final int MOST_NAME_BYTES = 255;

  private DnsQuestion() {}

  /**
   * A digest of the name in lower case (RFC 4343), the type and the class; 0 unless this is a
   * standard query, or the answer to one, with one question.
   *
   * @param end where the message ends, or the capture of it
   */
  static long digest(byte[] bytes, int at, int end) {
    if (end - at < HEADER_BYTES + 1 + TYPE_AND_CLASS_BYTES
        || (Bytes.uint16(bytes, at + 2) & OPCODE) != 0
        || Bytes.uint16(bytes, at + 4) != 1) {
      return 0;
    }
    long digest = 0x9e3779b97f4a7c15L;
    int start = at + HEADER_BYTES;
    int label = start;
    while (bytes[label] != 0) {
      int next = label + 1 + (bytes[label] & 0xff);
      if (next - label - 1 > MOST_LABEL_BYTES || next - start >= MOST_NAME_BYTES || next >= end) {
        return 0;
      }
      digest = mixed(digest, bytes[label]);
      for (int i = label + 1; i < next; i++) {
        digest = mixed(digest, bytes[i] >= 'A' && bytes[i] <= 'Z' ? bytes[i] + 32 : bytes[i]);
      }
      label = next;
    }
    if (label + 1 + TYPE_AND_CLASS_BYTES > end) {
      return 0;
    }
    digest = mixed(digest, Bytes.int32(bytes, label + 1));
    digest ^= digest >>> 29;
    return digest == 0 ? 1 : digest;
  }

  private static long mixed(long digest, int value) {
    long mixed = (digest ^ value) * 0xff51afd7ed558ccdL;
    return mixed ^ (mixed >>> 32);
  }
}
