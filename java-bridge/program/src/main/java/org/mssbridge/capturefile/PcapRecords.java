package org.mssbridge.capturefile;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.OptionalInt;

/** The header and the records of a classic pcap file (draft-ietf-opsawg-pcap, section 5). */
final class PcapRecords extends CaptureRecords {
  /** The number of records by which tshark tells apart the variants of pcap, in a file only. */
  private static final int TELLING_RECORDS = 3;

  private final PcapHeader header;
  private final int headerBytes;
  private final int unitsPerSecond;
  private boolean isStarted;
  private int records;
  private boolean isWithinSecond;

  PcapRecords(ByteWindow window, Strictness strictness, PcapHeader header) {
    super(window, strictness);
    this.header = header;
    headerBytes = header.recordHeaderBytes();
    unitsPerSecond = (int) header.seenOn().resolution().unitsPerSecond();
    isLittle = header.order() == ByteOrder.LITTLE_ENDIAN;
  }

  PcapHeader header() {
    return header;
  }

  @Override
  public boolean next() throws IOException {
    leave();
    if (!isStarted) {
      isStarted = true;
      recordBytes = PcapHeader.BYTES;
      return true;
    }
    if (!window.has(headerBytes)) {
      return cut();
    }
    capturedBytes = int32(8);
    frameBytes = int32(12);
    if (capturedBytes < 0 || capturedBytes > MOST_CAPTURED_BYTES || capturedBytes > frameBytes) {
      strictness.odd("a record's lengths are out of bounds");
    }
    if (capturedBytes < 0
        || capturedBytes > MOST_HELD_BYTES - headerBytes
        || !window.has(headerBytes + capturedBytes)) {
      return cut();
    }
    records++;
    readTime();
    recordBytes = headerBytes + capturedBytes;
    dataOffset = headerBytes;
    isFrame = true;
    seenOn = header.seenOn();
    return true;
  }

  /** No whole record follows. */
  private boolean cut() throws IOException {
    if (records < TELLING_RECORDS && window.has(1)) {
      strictness.odd("the file is cut short in one of its first records");
    }
    return false;
  }

  private void readTime() {
    long fraction = Integer.toUnsignedLong(int32(4));
    ticks = Integer.toUnsignedLong(int32(0)) * unitsPerSecond + fraction;
    isWithinSecond = fraction < unitsPerSecond;
    if (!isWithinSecond) {
      strictness.odd("a record's time is out of bounds");
    }
  }

  /**
   * Whether the fraction of the time is less than a second; if not, tshark prints a malformed time.
   */
  boolean isWithinSecond() {
    return isWithinSecond;
  }

  @Override
  public OptionalInt shape() {
    int at = window.position();
    return OptionalInt.of(
        Arrays.hashCode(Arrays.copyOfRange(window.bytes(), at, at + PcapHeader.BYTES)));
  }

  @Override
  public int interfaceNumber() {
    return 0;
  }

  @Override
  public boolean mayHaveCheckSequence() {
    return seenOn.fcsBits() >= 0;
  }
}
