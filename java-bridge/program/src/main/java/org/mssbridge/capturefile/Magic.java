package org.mssbridge.capturefile;

/**
 * The numbers that captures start with, in network order (draft-ietf-opsawg-pcap, section 4;
 * draft-ietf-opsawg-pcapng, section 4.1).
 */
final class Magic {
  static final int BYTES = 4;

  static final int PCAP_MICROSECONDS = 0xa1b2c3d4;
  static final int PCAP_NANOSECONDS = 0xa1b23c4d;

  /**
   * Kuznetsov's variant: each record also has an interface, a protocol and a direction, which
   * tshark skips.
   */
  static final int PCAP_MODIFIED = 0xa1b2cd34;

  /** The type of pcapng's first block, the same in both byte orders. */
  static final int PCAPNG = BlockType.SECTION_HEADER;

  /** The number in a section header that shows its byte order. */
  static final int PCAPNG_BYTE_ORDER = 0x1a2b3c4d;

  private Magic() {}

  /** Whether pcap can start with this number. */
  static boolean isPcap(int magic) {
    return magic == PCAP_MICROSECONDS || magic == PCAP_NANOSECONDS || magic == PCAP_MODIFIED;
  }

  /** Whether a file with these first bytes, in network order, is a capture. */
  static boolean isCapture(int first) {
    return first == PCAPNG || isPcap(first) || isPcap(Integer.reverseBytes(first));
  }
}
