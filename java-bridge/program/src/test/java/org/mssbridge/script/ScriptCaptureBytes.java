package org.mssbridge.script;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A pcap or pcapng file in memory, with the positions that may be rewritten. */
final class ScriptCaptureBytes {
  private static final int SECTION_HEADER = 0x0a0d0d0a;
  private static final int INTERFACE = 1;
  private static final int OLD_PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int ENHANCED_PACKET = 6;
  private static final int OPTION_RESOLUTION = 9;

  final ByteBuffer bytes;

  /** All parts of the file in order: packets and everything around them. */
  final List<Chunk> chunks = new ArrayList<>();

  private final boolean pcapng;

  /** A run of bytes of the file. */
  sealed interface Chunk {
    int start();

    int end();
  }

  /** A header or a block that is not a packet. */
  record Other(int start, int end) implements Chunk {}

  /** The beginning of a packet or block at which the file is cut off. */
  record Rest(int start, int end) implements Chunk {}

  /**
   * A packet's record.
   *
   * @param data position of its bytes
   * @param unitsPerSecond resolution of its timestamp, 0 where it has none
   */
  record Packet(
      int start,
      int end,
      int data,
      int captured,
      int linkType,
      ByteOrder order,
      long unitsPerSecond)
      implements Chunk {}

  private record Interface(int linkType, long unitsPerSecond) {}

  private ScriptCaptureBytes(byte[] content) {
    bytes = ByteBuffer.wrap(content);
    pcapng = content.length >= 4 && bytes.getInt(0) == SECTION_HEADER;
    if (pcapng) {
      readBlocks();
    } else {
      readRecords();
    }
  }

  static ScriptCaptureBytes read(Path file) {
    try {
      return new ScriptCaptureBytes(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Packet> packets() {
    return chunks.stream().filter(Packet.class::isInstance).map(Packet.class::cast).toList();
  }

  /**
   * The packets with indexes from {@code from} up to, not including, {@code to}, and all headers
   * and other blocks.
   */
  byte[] part(int from, int to) {
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    int number = 0;
    for (Chunk chunk : chunks) {
      boolean isPacket = chunk instanceof Packet;
      boolean inRange = number >= from && number < to + (isPacket ? 0 : 1);
      boolean wanted = chunk instanceof Other || inRange;
      number += isPacket ? 1 : 0;
      if (wanted) {
        part.write(bytes.array(), chunk.start(), chunk.end() - chunk.start());
      }
    }
    return part.toByteArray();
  }

  private void readRecords() {
    boolean little = bytes.get(0) != (byte) 0xa1;
    ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    bytes.order(order);
    long units = bytes.getInt(0) == 0xa1b23c4d ? 1_000_000_000 : 1_000_000;
    int linkType = bytes.getInt(20) & 0xffff;
    int at = 24;
    chunks.add(new Other(0, at));
    while (at + 16 <= bytes.capacity()) {
      int captured = bytes.getInt(at + 8);
      int end = at + 16 + captured;
      if (captured < 0 || end > bytes.capacity()) {
        break;
      }
      chunks.add(new Packet(at, end, at + 16, captured, linkType, order, units));
      at = end;
    }
    rest(at);
  }

  private void readBlocks() {
    List<Interface> interfaces = new ArrayList<>();
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    int at = 0;
    while (at + 12 <= bytes.capacity()) {
      if (bytes.order(ByteOrder.BIG_ENDIAN).getInt(at) == SECTION_HEADER) {
        boolean big = bytes.getInt(at + 8) == 0x1a2b3c4d;
        order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        interfaces.clear();
      }
      bytes.order(order);
      int end = at + bytes.getInt(at + 4);
      if (end < at + 12 || end > bytes.capacity()) {
        break;
      }
      chunks.add(block(at, end, order, interfaces));
      at = end;
    }
    rest(at);
  }

  private Chunk block(int at, int end, ByteOrder order, List<Interface> interfaces) {
    switch (bytes.getInt(at)) {
      case INTERFACE -> interfaces.add(interfaceAt(at, end));
      case ENHANCED_PACKET -> {
        Interface captureInterface = interfaces.get(bytes.getInt(at + 8));
        return packet(at, end, order, captureInterface);
      }
      case OLD_PACKET -> {
        return packet(at, end, order, interfaces.get(bytes.getShort(at + 8) & 0xffff));
      }
      case SIMPLE_PACKET -> {
        int captured = Math.min(bytes.getInt(at + 8), end - at - 16);
        return new Packet(at, end, at + 12, captured, interfaces.get(0).linkType(), order, 0);
      }
      default -> {
        // Other blocks are copied unchanged.
      }
    }
    return new Other(at, end);
  }

  private Packet packet(int at, int end, ByteOrder order, Interface captureInterface) {
    int captured = bytes.getInt(at + 20);
    return new Packet(
        at,
        end,
        at + 28,
        captured,
        captureInterface.linkType(),
        order,
        captureInterface.unitsPerSecond());
  }

  private Interface interfaceAt(int at, int end) {
    long units = 1_000_000;
    int option = at + 16;
    while (option + 4 <= end - 4 && bytes.getShort(option) != 0) {
      if (bytes.getShort(option) == OPTION_RESOLUTION) {
        int exponent = bytes.get(option + 4);
        units = exponent < 0 ? 1L << (exponent & 0x7f) : (long) Math.pow(10, exponent);
      }
      option += 4 + ((bytes.getShort(option + 2) & 0xffff) + 3) / 4 * 4;
    }
    return new Interface(bytes.getShort(at + 8) & 0xffff, units);
  }

  private void rest(int at) {
    if (at < bytes.capacity()) {
      chunks.add(new Rest(at, bytes.capacity()));
    }
  }

  /** Adds to a packet's timestamp; the amount must be a multiple of the file's resolution. */
  void shiftTime(Packet packet, long nanos) {
    if (packet.unitsPerSecond() == 0) {
      return;
    }
    bytes.order(packet.order());
    long scaled = Math.floorMod(nanos, 1_000_000_000L) * packet.unitsPerSecond();
    if (scaled % 1_000_000_000 != 0) {
      throw new IllegalArgumentException(
          nanos + " ns is not a multiple of this file's time resolution");
    }
    long wholeSeconds = Math.floorDiv(nanos, 1_000_000_000L);
    long units = wholeSeconds * packet.unitsPerSecond() + scaled / 1_000_000_000;
    int at = packet.start();
    if (pcapng) {
      long high = (long) bytes.getInt(at + 12) << 32;
      long shifted = (high | Integer.toUnsignedLong(bytes.getInt(at + 16))) + units;
      bytes.putInt(at + 12, (int) (shifted >>> 32)).putInt(at + 16, (int) shifted);
    } else {
      long seconds = Integer.toUnsignedLong(bytes.getInt(at));
      long shifted = seconds * packet.unitsPerSecond() + bytes.getInt(at + 4) + units;
      bytes.putInt(at, (int) (shifted / packet.unitsPerSecond()));
      bytes.putInt(at + 4, (int) (shifted % packet.unitsPerSecond()));
    }
  }
}
