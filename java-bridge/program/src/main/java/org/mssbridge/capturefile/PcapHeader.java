package org.mssbridge.capturefile;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The file header of classic pcap (draft-ietf-opsawg-pcap, section 4), version 2.4.
 *
 * @param recordHeaderBytes length of the header before each packet
 */
record PcapHeader(ByteOrder order, int recordHeaderBytes, InterfaceDescription seenOn) {
  static final int BYTES = 24;

  private static final int RECORD_HEADER_BYTES = 16;
  private static final int MODIFIED_RECORD_HEADER_BYTES = 24;

  private static final int MAJOR = 2;
  private static final int MINOR = 4;

  /**
   * Bit of the link type: whether its upper four bits are the length of the frame check sequence.
   */
  private static final int IS_FCS_STATED = 0x0400_0000;

  /** Reads the header at the window's position; empty if it is not a supported one. */
  static Optional<PcapHeader> at(ByteWindow window, Strictness strictness) throws IOException {
    if (!window.has(BYTES)) {
      return Optional.empty();
    }
    byte[] bytes = window.bytes();
    int at = window.position();
    boolean isLittle = !Magic.isPcap(Bytes.int32(bytes, at));
    int magic = Bytes.int32(bytes, at, isLittle);
    int minor = Bytes.uint16(bytes, at + 6, isLittle);
    // Before 2.4, the two lengths of a record were swapped, at least sometimes.
    if (!Magic.isPcap(magic)
        || Bytes.uint16(bytes, at + 4, isLittle) != MAJOR
        || (short) minor < MINOR) {
      return Optional.empty();
    }
    int linkType = Bytes.int32(bytes, at + 20, isLittle);
    if (magic == Magic.PCAP_MODIFIED || minor != MINOR || linkType >>> 16 != 0) {
      strictness.odd("a variant of pcap 2.4");
    }
    return Optional.of(
        new PcapHeader(
            isLittle ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN,
            magic == Magic.PCAP_MODIFIED ? MODIFIED_RECORD_HEADER_BYTES : RECORD_HEADER_BYTES,
            new InterfaceDescription(
                linkType & 0xffff,
                Bytes.int32(bytes, at + 16, isLittle),
                (linkType & IS_FCS_STATED) != 0 ? (linkType >>> 28) * Short.SIZE : -1,
                magic == Magic.PCAP_NANOSECONDS
                    ? TimeResolution.NANOSECONDS
                    : TimeResolution.MICROSECONDS,
                "")));
  }
}
