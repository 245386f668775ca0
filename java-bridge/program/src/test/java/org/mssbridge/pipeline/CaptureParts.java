package org.mssbridge.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A capture in parts: the file header of pcap, then each record; or each block of pcapng. It reads
 * no more of the format than where a part ends.
 *
 * @param isPcapng whether the parts are blocks
 * @param order the byte order of the file, or of its first section
 * @param parts in the order of the file
 */
record CaptureParts(boolean isPcapng, ByteOrder order, List<byte[]> parts) {
  private static final int PCAPNG = 0x0a0d0d0a;
  private static final int FILE_HEADER_BYTES = 24;
  private static final int RECORD_HEADER_BYTES = 16;

  /** The parts of a file, which may be compressed; empty if it is no capture. */
  static Optional<CaptureParts> of(Path file) throws IOException {
    return of(content(file));
  }

  static Optional<CaptureParts> of(byte[] capture) {
    if (capture.length < FILE_HEADER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(capture);
    boolean isPcapng = bytes.getInt(0) == PCAPNG;
    ByteOrder order =
        bytes.get(isPcapng ? 8 : 0) == (isPcapng ? 0x1a : (byte) 0xa1)
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN;
    bytes.order(order);
    int magic = bytes.getInt(0);
    if (!isPcapng && magic != 0xa1b2c3d4 && magic != 0xa1b23c4d) {
      return Optional.empty();
    }
    List<byte[]> parts = new ArrayList<>();
    int at = 0;
    while (at < capture.length) {
      long length = isPcapng ? blockBytes(bytes, at) : recordBytes(bytes, at);
      int end = length < 12 || at + length > capture.length ? capture.length : at + (int) length;
      parts.add(Arrays.copyOfRange(capture, at, end));
      at = end;
    }
    return Optional.of(new CaptureParts(isPcapng, order, parts));
  }

  private static long blockBytes(ByteBuffer bytes, int at) {
    return bytes.remaining() - at < 8 ? 0 : bytes.getInt(at + 4);
  }

  private static long recordBytes(ByteBuffer bytes, int at) {
    if (at == 0) {
      return FILE_HEADER_BYTES;
    }
    return bytes.remaining() - at < RECORD_HEADER_BYTES
        ? 0
        : RECORD_HEADER_BYTES + (long) bytes.getInt(at + 8);
  }

  private static byte[] content(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (content.length < 2 || content[0] != 0x1f || content[1] != (byte) 0x8b) {
      return content;
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  /** The same kind of capture with other parts. */
  CaptureParts with(List<byte[]> others) {
    return new CaptureParts(isPcapng, order, others);
  }

  byte[] bytes() {
    return MadeFrames.join(parts.toArray(byte[][]::new));
  }

  /** Whether a part is what comes before the packets: the file header, a section, an interface. */
  boolean isHead(int index) {
    return isPcapng ? type(index) == PCAPNG || type(index) == 1 : index == 0;
  }

  /** Where the packet starts in a part; -1 if it holds none. */
  int packetAt(int index) {
    if (isHead(index) || parts.get(index).length < 12) {
      return -1;
    }
    int at =
        !isPcapng
            ? RECORD_HEADER_BYTES
            : switch (type(index)) {
              case 2, 6 -> 28;
              case 3 -> 12;
              default -> -1;
            };
    return at < parts.get(index).length - 4 ? at : -1;
  }

  private int type(int index) {
    byte[] part = parts.get(index);
    return part.length < 12 ? -1 : ByteBuffer.wrap(part).order(order).getInt(0);
  }

  /** The packet in a part that holds one, without padding and options. */
  byte[] packet(int index) {
    byte[] part = parts.get(index);
    int at = packetAt(index);
    ByteBuffer bytes = ByteBuffer.wrap(part).order(order);
    int length =
        !isPcapng ? bytes.getInt(8) : type(index) == 3 ? bytes.getInt(8) : bytes.getInt(20);
    int most = part.length - at - (isPcapng ? 4 : 0);
    return Arrays.copyOfRange(part, at, at + Math.max(0, Math.min(length, most)));
  }

  /**
   * A part with another packet; its lengths are made to fit.
   *
   * @param cutBytes by how much the packet was longer on the wire
   */
  byte[] withPacket(int index, byte[] packet, int cutBytes) {
    int at = packetAt(index);
    int padded = isPcapng ? (packet.length + 3) & ~3 : packet.length;
    byte[] part = Arrays.copyOf(parts.get(index), at + padded + (isPcapng ? 4 : 0));
    Arrays.fill(part, at, part.length, (byte) 0);
    System.arraycopy(packet, 0, part, at, packet.length);
    ByteBuffer bytes = ByteBuffer.wrap(part).order(order);
    int wire = packet.length + cutBytes;
    if (!isPcapng) {
      bytes.putInt(8, packet.length).putInt(12, wire);
    } else {
      bytes.putInt(4, part.length).putInt(part.length - 4, part.length);
      if (type(index) == 3) {
        bytes.putInt(8, wire);
      } else {
        bytes.putInt(20, packet.length).putInt(24, wire);
      }
    }
    return part;
  }
}
