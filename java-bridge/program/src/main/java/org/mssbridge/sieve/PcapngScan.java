package org.mssbridge.sieve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** pcapng (draft-ietf-opsawg-pcapng): all its blocks are evidence but plain enhanced packets. */
final class PcapngScan implements CaptureScan {
  private static final int SECTION_HEADER = 0x0a0d0d0a;
  private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
  private static final int INTERFACE = 1;
  private static final int OBSOLETE_PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int NAME_RESOLUTION = 4;
  private static final int INTERFACE_STATISTICS = 5;
  private static final int ENHANCED_PACKET = 6;
  private static final int JOURNAL = 9;
  private static final int DECRYPTION_SECRETS = 10;
  private static final int CUSTOM = 0xbad;
  private static final int CUSTOM_NOT_COPIED = 0x40000bad;

  private static final int LEAST_BLOCK_BYTES = 12;
  private static final int MOST_BLOCK_BYTES = 16 << 20;
  private static final int PACKET_AT = 28;
  private static final int OPTION_FLAGS = 2;

  /** In the flags of a packet: the length of its frame check sequence (section 4.3.1). */
  private static final int FCS_LENGTH_BITS = 0x1e0;

  private final Window window;
  private final List<CaptureInterface> interfaces = new ArrayList<>();
  private boolean isLittle;

  private PcapngScan(Window window) {
    this.window = window;
  }

  /** A scan if the window stands before a section header, else null. */
  static PcapngScan at(Window window) throws IOException {
    return window.has(LEAST_BLOCK_BYTES)
            && Window.int32(window.bytes(), window.position()) == SECTION_HEADER
        ? new PcapngScan(window)
        : null;
  }

  @Override
  public void run(FrameSorter sorter, EvidenceOutput evidence) throws IOException {
    while (window.has(LEAST_BLOCK_BYTES)) {
      if (Window.int32(window.bytes(), window.position()) == SECTION_HEADER) {
        readByteOrder();
      }
      int blockBytes = int32(4);
      if (blockBytes < LEAST_BLOCK_BYTES || blockBytes > MOST_BLOCK_BYTES || blockBytes % 4 != 0) {
        throw new NotSiftedException("a block's length is out of bounds");
      }
      if (!window.has(blockBytes)) {
        break;
      }
      if (int32(blockBytes - 4) != blockBytes) {
        throw new NotSiftedException("a block's two lengths differ");
      }
      if (!isPlain(blockBytes, sorter)) {
        evidence.write(window.bytes(), window.position(), blockBytes);
      }
      window.skip(blockBytes);
    }
    CaptureScan.copyRest(window, evidence);
  }

  private int int32(int offset) {
    return Window.int32(window.bytes(), window.position() + offset, isLittle);
  }

  private void readByteOrder() {
    int magic = Window.int32(window.bytes(), window.position() + 8);
    isLittle = magic != BYTE_ORDER_MAGIC;
    if (isLittle && Integer.reverseBytes(magic) != BYTE_ORDER_MAGIC) {
      throw new NotSiftedException("a section's byte order is not told");
    }
  }

  private boolean isPlain(int blockBytes, FrameSorter sorter) {
    switch (int32(0)) {
      case ENHANCED_PACKET -> {
        return isPlainPacket(blockBytes, sorter);
      }
      case SECTION_HEADER -> {
        int version = blockBytes < 28 ? 0 : int32(12);
        if (version != (isLittle ? 1 : 1 << 16)) {
          throw new NotSiftedException("a section is of another version than 1.0");
        }
        interfaces.clear();
      }
      case INTERFACE ->
          interfaces.add(
              CaptureInterface.of(window.bytes(), window.position(), blockBytes, isLittle));
      // Each of these is a frame; custom blocks from tshark 4.0 on.
      case OBSOLETE_PACKET, SIMPLE_PACKET, JOURNAL, CUSTOM, CUSTOM_NOT_COPIED ->
          sorter.addEvidence(Ledger.NO_TIME, 0, 0);
      case NAME_RESOLUTION, INTERFACE_STATISTICS, DECRYPTION_SECRETS -> {
        // tells of no frame
      }
      default -> {
        // tshark passes over it, or says a number of frames that is not the one counted here
      }
    }
    return false;
  }

  private boolean isPlainPacket(int blockBytes, FrameSorter sorter) {
    int id = blockBytes < PACKET_AT + 4 ? -1 : int32(8);
    int capturedBytes = id < 0 ? -1 : int32(20);
    int frameBytes = id < 0 ? -1 : int32(24);
    if (id < 0
        || id >= interfaces.size()
        || capturedBytes < 0
        || capturedBytes > MOST_CAPTURED_BYTES
        || capturedBytes > frameBytes
        || PACKET_AT + capturedBytes > blockBytes - 4) {
      throw new NotSiftedException("a packet's numbers are out of bounds");
    }
    CaptureInterface seenOn = interfaces.get(id);
    long timeNanos = seenOn.timeNanos(((long) int32(12) << 32) | Integer.toUnsignedLong(int32(16)));
    int optionsAt = PACKET_AT + ((capturedBytes + 3) & ~3);
    if (timeNanos == Ledger.NO_TIME
        || !seenOn.isKnown()
        || !areHarmless(optionsAt, blockBytes - 4)) {
      sorter.addEvidence(timeNanos, capturedBytes, frameBytes);
      return false;
    }
    int at = window.position() + PACKET_AT;
    return sorter.add(seenOn.linkType(), window.bytes(), at, capturedBytes, frameBytes, timeNanos);
  }

  /** Whether options say nothing of the packet's bytes. */
  private boolean areHarmless(int from, int end) {
    int at = from;
    while (at + 4 <= end) {
      int word = int32(at);
      int code = isLittle ? word & 0xffff : word >>> 16;
      int length = isLittle ? word >>> 16 : word & 0xffff;
      if (code == 0) {
        return true;
      }
      if (code == OPTION_FLAGS && (length != 4 || (int32(at + 4) & FCS_LENGTH_BITS) != 0)) {
        return false;
      }
      at += 4 + ((length + 3) & ~3);
    }
    return at == end;
  }
}
