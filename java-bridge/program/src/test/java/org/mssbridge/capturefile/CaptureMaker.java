package org.mssbridge.capturefile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Builds small captures by hand, so that every byte is known. */
final class CaptureMaker {
  /** An Ethernet frame with a TCP SYN; with its 54 bytes, a block needs padding. */
  static final byte[] SYN =
      HexFormat.of()
          .parseHex(
              "0200000000020200000000010800"
                  + "450000280001000040060000c0000201c6336401"
                  + "c00001bb00000001000000005002200000000000");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

  CaptureMaker order(ByteOrder newOrder) {
    order = newOrder;
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  CaptureMaker section(long statedBytes) {
    return block(0x0A0D0D0A, ints(0x1A2B3C4D), shorts(1, 0), longs(statedBytes));
  }

  CaptureMaker ethernet(byte[]... options) {
    return block(1, shorts(1, 0), ints(0), join(options));
  }

  CaptureMaker packet(long ticks, byte[]... options) {
    return packetOn(0, ticks, options);
  }

  CaptureMaker packetOn(int id, long ticks, byte[]... options) {
    byte[] fixed = ints(id, (int) (ticks >>> 32), (int) ticks, SYN.length, SYN.length);
    return block(6, fixed, padded(SYN), join(options));
  }

  CaptureMaker obsoletePacket(long ticks, byte[]... options) {
    byte[] fixed = ints((int) (ticks >>> 32), (int) ticks, SYN.length, SYN.length);
    return block(2, shorts(0, 0), fixed, padded(SYN), join(options));
  }

  CaptureMaker simplePacket() {
    return block(3, ints(SYN.length), SYN);
  }

  CaptureMaker block(int type, byte[]... body) {
    byte[] content = padded(join(body));
    int length = content.length + 12;
    return raw(ints(type, length)).raw(content).raw(ints(length));
  }

  CaptureMaker pcapHeader(int magic, int linkType) {
    return raw(ints(magic)).raw(shorts(2, 4)).raw(ints(0, 0, 65535, linkType));
  }

  CaptureMaker record(int seconds, int fraction, byte[] more) {
    return raw(ints(seconds, fraction, SYN.length, SYN.length)).raw(more).raw(SYN);
  }

  CaptureMaker raw(byte[] more) {
    bytes.writeBytes(more);
    return this;
  }

  byte[] comment(String text) {
    return option(1, text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] option(int code, byte... value) {
    return join(shorts(code, value.length), padded(value));
  }

  byte[] endOfOptions() {
    return new byte[4];
  }

  byte[] shorts(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(2 * values.length).order(order);
    for (int value : values) {
      buffer.putShort((short) value);
    }
    return buffer.array();
  }

  byte[] ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(order);
    for (int value : values) {
      buffer.putInt(value);
    }
    return buffer.array();
  }

  byte[] longs(long value) {
    return ByteBuffer.allocate(8).order(order).putLong(value).array();
  }

  private static byte[] padded(byte[] content) {
    return Arrays.copyOf(content, (content.length + 3) & ~3);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
