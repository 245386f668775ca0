package org.mssbridge.pipeline;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds capture files from frames.
 *
 * @param order byte order of the file
 * @param linkType number in the LINKTYPE registry
 */
record MadeCapture(ByteOrder order, int linkType) {
  private static final int START_S = 1_700_000_000;
  private static final int SNAP_LENGTH = 262_144;

  /** A pcap file: its header, and a record for each frame; nanoseconds or microseconds. */
  List<byte[]> pcap(boolean nano, List<byte[]> frames) {
    ByteBuffer header = allocate(24).putInt(nano ? 0xa1b23c4d : 0xa1b2c3d4);
    header.putShort((short) 2).putShort((short) 4).putLong(0).putInt(SNAP_LENGTH).putInt(linkType);
    List<byte[]> parts = new ArrayList<>(List.of(bytesOf(header)));
    for (byte[] frame : frames) {
      ByteBuffer record = allocate(16 + frame.length);
      record.putInt(START_S + parts.size() / 9).putInt(parts.size() % 9 * 111_111 + 7);
      parts.add(bytesOf(record.putInt(frame.length).putInt(frame.length).put(frame)));
    }
    return parts;
  }

  /**
   * A pcapng file: a section header, an interface, and a block for each frame.
   *
   * @param resolution value of {@code if_tsresol}
   */
  List<byte[]> pcapng(int resolution, List<byte[]> frames) {
    ByteBuffer section = allocate(16).putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0);
    ByteBuffer description = allocate(20).putShort((short) linkType).putShort((short) 0);
    description.putInt(SNAP_LENGTH).putShort((short) 9).putShort((short) 1);
    description.put((byte) resolution);
    List<byte[]> parts = new ArrayList<>();
    parts.add(block(0x0a0d0d0a, bytesOf(section.putLong(8, -1))));
    parts.add(block(1, bytesOf(description)));
    long perSecond = resolution > 9 ? 1 : (long) Math.pow(10, resolution);
    for (byte[] frame : frames) {
      ByteBuffer packet = allocate(20 + ((frame.length + 3) & ~3)).putInt(0);
      long units = START_S * perSecond + parts.size() * perSecond / 9;
      packet.putInt((int) (units >>> 32)).putInt((int) units);
      parts.add(block(6, bytesOf(packet.putInt(frame.length).putInt(frame.length).put(frame))));
    }
    return parts;
  }

  /** A block of pcapng; its contents must be padded. */
  byte[] block(int type, byte[] content) {
    int length = 12 + content.length;
    return bytesOf(allocate(length).putInt(type).putInt(length).put(content).putInt(length));
  }

  private ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(order);
  }

  private static byte[] bytesOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.get(0, bytes);
    return bytes;
  }
}
