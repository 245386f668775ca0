package org.mssbridge.sieve;

import java.io.IOException;

/** Classic pcap (draft-ietf-opsawg-pcap), version 2.4. */
final class PcapScan implements CaptureScan {
  private static final int MICROSECONDS = 0xa1b2c3d4;
  private static final int NANOSECONDS = 0xa1b23c4d;
  private static final int VERSION = 0x0002_0004;
  private static final int HEADER_BYTES = 24;
  private static final int RECORD_HEADER_BYTES = 16;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Window window;
  private final boolean isLittle;
  private final boolean isNano;
  private final int linkType;

  private PcapScan(Window window, boolean isLittle, boolean isNano, int linkType) {
    this.window = window;
    this.isLittle = isLittle;
    this.isNano = isNano;
    this.linkType = linkType;
  }

  /** A scan if the window stands before a header that is understood, else null. */
  static PcapScan at(Window window) throws IOException {
    if (!window.has(HEADER_BYTES)) {
      return null;
    }
    byte[] bytes = window.bytes();
    int at = window.position();
    boolean isLittle = bytes[at] != (byte) 0xa1;
    int magic = Window.int32(bytes, at, isLittle);
    int version = Window.int32(bytes, at + 4, isLittle);
    int network = Window.int32(bytes, at + 20, isLittle);
    boolean isVersion = (isLittle ? Integer.rotateLeft(version, 16) : version) == VERSION;
    // Upper bits of the link type tell of check sequences behind the packets.
    return (magic == MICROSECONDS || magic == NANOSECONDS) && isVersion && network >>> 16 == 0
        ? new PcapScan(window, isLittle, magic == NANOSECONDS, network)
        : null;
  }

  @Override
  public void run(FrameSorter sorter, EvidenceOutput evidence) throws IOException {
    evidence.write(window.bytes(), window.position(), HEADER_BYTES);
    window.skip(HEADER_BYTES);
    boolean looksInto = LinkLayer.knows(linkType);
    while (window.has(RECORD_HEADER_BYTES)) {
      int capturedBytes = Window.int32(window.bytes(), window.position() + 8, isLittle);
      int frameBytes = Window.int32(window.bytes(), window.position() + 12, isLittle);
      if (capturedBytes < 0 || capturedBytes > MOST_CAPTURED_BYTES || capturedBytes > frameBytes) {
        throw new NotSiftedException("a record's lengths are out of bounds");
      }
      int recordBytes = RECORD_HEADER_BYTES + capturedBytes;
      if (!window.has(recordBytes)) {
        break;
      }
      byte[] bytes = window.bytes();
      int at = window.position();
      long timeNanos = timeNanos(bytes, at);
      boolean isPlain = false;
      if (looksInto) {
        int data = at + RECORD_HEADER_BYTES;
        isPlain = sorter.add(linkType, bytes, data, capturedBytes, frameBytes, timeNanos);
      } else {
        sorter.addEvidence(timeNanos, capturedBytes, frameBytes);
      }
      if (!isPlain) {
        evidence.write(bytes, at, recordBytes);
      }
      window.skip(recordBytes);
    }
    CaptureScan.copyRest(window, evidence);
  }

  private long timeNanos(byte[] bytes, int at) {
    long seconds = Integer.toUnsignedLong(Window.int32(bytes, at, isLittle));
    int fraction = Window.int32(bytes, at + 4, isLittle);
    if (fraction < 0 || fraction >= (isNano ? 1_000_000_000 : 1_000_000)) {
      throw new NotSiftedException("a record's time is out of bounds");
    }
    return seconds * NANOS_PER_SECOND + (isNano ? fraction : fraction * 1000L);
  }
}
