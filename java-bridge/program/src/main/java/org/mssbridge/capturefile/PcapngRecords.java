package org.mssbridge.capturefile;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.mssbridge.model.RecordedTime;

/** The blocks of a pcapng file (draft-ietf-opsawg-pcapng, sections 3 and 4). */
final class PcapngRecords extends CaptureRecords {
  static final int PACKET_DATA_OFFSET = 28;

  private static final int HEADER_BYTES = 12;
  private static final int VERSION_1_0_BIG = 0x0001_0000;
  private static final int VERSION_1_0_LITTLE = 0x0000_0001;

  /** Bits of a packet's flags: the length of its frame check sequence (section 4.3.1). */
  private static final int FCS_LENGTH_BITS = 0x1e0;

  /**
   * A hostile file can describe any number of interfaces; those above this limit count as not
   * described.
   */
  private static final int MOST_INTERFACES = 1 << 16;

  private final List<InterfaceDescription> interfaces = new ArrayList<>();
  private final OptionList options = new OptionList();
  private final InterfaceStatistics statistics = new InterfaceStatistics();
  private int type;
  private int statedBytes;
  private int interfaceNumber;
  private long blockBytes;
  private boolean isHeld;

  /** Remaining bytes of a block that is not held, to be skipped. */
  private long bytesToSkip;

  PcapngRecords(ByteWindow window, Strictness strictness) {
    super(window, strictness);
  }

  @Override
  public boolean next() throws IOException {
    leave();
    window.copy(bytesToSkip, OutputStream.nullOutputStream());
    bytesToSkip = 0;
    if (!window.has(HEADER_BYTES)) {
      return false;
    }
    boolean isSection = Bytes.int32(window.bytes(), window.position()) == BlockType.SECTION_HEADER;
    if (isSection && !readByteOrder()) {
      return false;
    }
    type = int32(0);
    if (!readLength() || (isHeld && !isWhole())) {
      return false;
    }
    recordBytes = isHeld ? (int) blockBytes : 0;
    bytesToSkip = isHeld ? 0 : blockBytes;
    if (type == BlockType.ENHANCED_PACKET) {
      isFrame = true;
      readPacket(int32(8));
    } else {
      readOther();
    }
    return true;
  }

  private boolean readByteOrder() throws IOException {
    if (!window.has(BlockType.leastBytes(BlockType.SECTION_HEADER))) {
      return false;
    }
    int magic = Bytes.int32(window.bytes(), window.position() + 8);
    if (magic != Magic.PCAPNG_BYTE_ORDER
        && magic != Integer.reverseBytes(Magic.PCAPNG_BYTE_ORDER)) {
      strictness.odd("a section does not say its byte order");
      return false;
    }
    isLittle = magic != Magic.PCAPNG_BYTE_ORDER;
    return true;
  }

  private boolean readLength() {
    statedBytes = int32(4);
    // Some writers exclude the padding from the length although it is there: tshark rounds up.
    blockBytes = (Integer.toUnsignedLong(statedBytes) + 3) & ~3L;
    isHeld = blockBytes <= MOST_HELD_BYTES;
    if (!isHeld || blockBytes != statedBytes || blockBytes < BlockType.leastBytes(type)) {
      strictness.odd("a block's length is out of bounds");
    }
    return blockBytes >= BlockType.leastBytes(type);
  }

  private boolean isWhole() throws IOException {
    int bytes = (int) blockBytes;
    if (!window.has(bytes)) {
      return false;
    }
    if (int32(bytes - 4) != statedBytes) {
      strictness.odd("a block's two lengths differ");
      return false;
    }
    return true;
  }

  private void readOther() {
    switch (type) {
      case BlockType.SECTION_HEADER -> startSection();
      case BlockType.INTERFACE_DESCRIPTION -> addInterface();
      case BlockType.INTERFACE_STATISTICS -> addStatistics();
      case BlockType.OBSOLETE_PACKET -> {
        isFrame = true;
        readPacket(uint16(8));
      }
      case BlockType.NAME_RESOLUTION, BlockType.DECRYPTION_SECRETS -> checkContent();
      default -> isFrame = BlockType.isFrame(type);
    }
  }

  private void checkContent() {
    if (isHeld && !BlockContent.fits(window.bytes(), window.position(), recordBytes, isLittle)) {
      strictness.odd("a length in a block leads out of it");
    }
  }

  private void startSection() {
    if (!isHeld || int32(12) != (isLittle ? VERSION_1_0_LITTLE : VERSION_1_0_BIG)) {
      strictness.odd("a section is of another version than 1.0");
    }
    statistics.endSection(interfaces.size());
    interfaces.clear();
  }

  private void addStatistics() {
    if (isHeld && recordBytes >= InterfaceStatistics.LEAST_BYTES) {
      statistics.add(window.bytes(), window.position(), recordBytes, isLittle, interfaces);
    }
  }

  @Override
  public RecordedTime recordedTime() {
    statistics.endSection(interfaces.size());
    interfaces.clear();
    return statistics.recorded();
  }

  private void addInterface() {
    if (interfaces.size() == MOST_INTERFACES) {
      strictness.odd("a section has too many interfaces");
      return;
    }
    interfaces.add(
        isHeld
            ? InterfaceDescription.of(
                window.bytes(), window.position(), recordBytes, isLittle, strictness)
            : InterfaceDescription.UNKNOWN);
  }

  private void readPacket(int id) {
    interfaceNumber = id;
    if (!isHeld) {
      return;
    }
    capturedBytes = int32(20);
    frameBytes = int32(24);
    ticks = (long) int32(12) << 32 | Integer.toUnsignedLong(int32(16));
    dataOffset = PACKET_DATA_OFFSET;
    if (id < 0
        || id >= interfaces.size()
        || !hasRoom()
        || capturedBytes > MOST_CAPTURED_BYTES
        || capturedBytes > frameBytes) {
      strictness.odd("a packet's numbers are out of bounds");
    }
    seenOn = id >= 0 && id < interfaces.size() ? interfaces.get(id) : null;
  }

  /** Whether the block is long enough for the packet length that it states. */
  boolean hasRoom() {
    return capturedBytes >= 0 && capturedBytes <= recordBytes - PACKET_DATA_OFFSET - 4;
  }

  /** The options of a packet; only if {@link #hasRoom}. */
  OptionList packetOptions() {
    int start = window.position();
    int from = start + PACKET_DATA_OFFSET + Bytes.padded(capturedBytes);
    return options.over(window.bytes(), from, start + recordBytes - 4, isLittle);
  }

  @Override
  public boolean mayHaveCheckSequence() {
    return seenOn.fcsBits() >= 0 || mayStateCheckSequence(packetOptions());
  }

  private static boolean mayStateCheckSequence(OptionList list) {
    while (list.next()) {
      if (list.code() == OptionCode.PACKET_FLAGS
          && (list.length() != 4 || (list.int32() & FCS_LENGTH_BITS) != 0)) {
        return true;
      }
    }
    return list.isDamaged();
  }

  @Override
  long lengthBytes() {
    return blockBytes;
  }

  @Override
  public OptionalInt shape() {
    return isHeld
        ? BlockShape.of(window.bytes(), window.position(), recordBytes, isLittle, interfaces.size())
        : OptionalInt.empty();
  }

  int type() {
    return type;
  }

  ByteOrder order() {
    return isLittle ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /** Whether the window holds the block; false for a very long one. */
  boolean isHeld() {
    return isHeld;
  }

  /** Length of the block with its padding. */
  long blockBytes() {
    return blockBytes;
  }

  /** Writes a block of any length without holding it; false if it is not whole. */
  boolean copyInPieces(OutputStream output) throws IOException {
    bytesToSkip = 0;
    if (!window.copy(blockBytes - 4, output) || !window.has(4) || int32(0) != statedBytes) {
      return false;
    }
    return window.copy(4, output);
  }

  /** The offset of the block in the file. */
  long offset() {
    return window.offset();
  }

  /** Moves the cursor before the block at an offset in the file; only for a window on a channel. */
  void seek(long offset, ByteOrder order) throws IOException {
    leave();
    window.seek(offset);
    isLittle = order == ByteOrder.LITTLE_ENDIAN;
  }

  /** The interfaces of the section so far, in the order of their numbers. */
  List<InterfaceDescription> interfaces() {
    return interfaces;
  }

  @Override
  public int interfaceNumber() {
    return interfaceNumber;
  }
}
