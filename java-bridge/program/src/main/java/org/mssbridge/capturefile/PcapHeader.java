package org.mssbridge.capturefile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.mssbridge.output.OutputException;

/**
 * The file header of classic pcap (draft-ietf-opsawg-pcap, section 4), version 2.4.
 *
 * @param recordHeaderBytes what stands before each packet
 * @param snapLen bytes, as in the file
 * @param linkType with the length of the frame check sequence in its upper bits
 */
record PcapHeader(
    ByteOrder order, boolean nanoseconds, int recordHeaderBytes, int snapLen, int linkType) {
  private static final int BYTES = 24;
  private static final int RECORD_HEADER_BYTES = 16;
  private static final int MICROSECONDS = 0xA1B2C3D4;
  private static final int NANOSECONDS = 0xA1B23C4D;

  /**
   * Kuznetzov's variant: each record has its interface, protocol and direction besides, which
   * tshark skips.
   */
  private static final int MODIFIED = 0xA1B2CD34;

  private static final int MODIFIED_RECORD_HEADER_BYTES = 24;

  private static final int MAJOR = 2;
  private static final int LEAST_MINOR = 4;

  /** Takes the header off the file; null if it has none of a kind that is read here. */
  static PcapHeader read(CaptureBytes in) throws OutputException {
    if (!in.has(BYTES)) {
      return null;
    }
    ByteBuffer view = in.view();
    int at = in.position();
    ByteOrder order = ByteOrder.BIG_ENDIAN;
    int magic = view.order(order).getInt(at);
    if (!isMagic(magic)) {
      order = ByteOrder.LITTLE_ENDIAN;
      magic = view.order(order).getInt(at);
    }
    // Before 2.4 the two lengths of a record stood in the other order, at least sometimes.
    if (!isMagic(magic) || view.getShort(at + 4) != MAJOR || view.getShort(at + 6) < LEAST_MINOR) {
      return null;
    }
    in.skip(BYTES);
    return new PcapHeader(
        order,
        magic == NANOSECONDS,
        magic == MODIFIED ? MODIFIED_RECORD_HEADER_BYTES : RECORD_HEADER_BYTES,
        view.getInt(at + 16),
        view.getInt(at + 20));
  }

  private static boolean isMagic(int magic) {
    return magic == MICROSECONDS || magic == NANOSECONDS || magic == MODIFIED;
  }

  /** Units of a second that the lower half of a time counts. */
  int unitsPerSecond() {
    return nanoseconds ? 1_000_000_000 : 1_000_000;
  }

  TimeResolution resolution() {
    return nanoseconds ? TimeResolution.NANOSECONDS : TimeResolution.MICROSECONDS;
  }

  /** The number of the link type alone. */
  int linkTypeNumber() {
    return linkType & 0xFFFF;
  }

  /** The length of the frame check sequence behind each packet; -1 if the file does not say. */
  int fcsBits() {
    boolean stated = (linkType & 0x0400_0000) != 0;
    return stated ? (linkType >>> 28) * Short.SIZE : -1;
  }
}
