package org.mssbridge.lua;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A pcapng file of raw IP packets, one per millisecond, each with any number of comments. */
final class LuaCapture {
  private static final short RAW_IP = 101;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int frames;

  LuaCapture() {
    block(
        0x0A0D0D0A,
        allocate(16).putInt(0x1A2B3C4D).putShort((short) 1).putShort((short) 0).putLong(-1));
    block(1, allocate(8).putShort(RAW_IP).putShort((short) 0).putInt(0));
  }

  LuaCapture add(byte[] packet, String... comments) {
    return addCut(packet, packet.length, comments);
  }

  /** Adds a packet of which only the first bytes were captured, as with a snapshot length. */
  LuaCapture addCut(byte[] packet, int capturedBytes, String... comments) {
    ByteArrayOutputStream options = new ByteArrayOutputStream();
    for (String comment : comments) {
      byte[] text = comment.getBytes(StandardCharsets.UTF_8);
      // Little-endian, like the whole file.
      options.writeBytes(new byte[] {1, 0, (byte) text.length, (byte) (text.length >> 8)});
      options.writeBytes(Arrays.copyOf(text, padded(text.length)));
    }
    long time_us = 1_700_000_000_000_000L + 1000L * frames++;
    ByteBuffer body = allocate(20 + padded(capturedBytes) + options.size());
    body.putInt(0).putInt((int) (time_us >>> 32)).putInt((int) time_us);
    body.putInt(capturedBytes).putInt(packet.length).put(packet, 0, capturedBytes);
    body.position(20 + padded(capturedBytes)).put(options.toByteArray());
    block(6, body);
    return this;
  }

  Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes.toByteArray());
  }

  @SuppressWarnings("ByteBufferBackingArray") // Both buffers come from allocate.
  private void block(int type, ByteBuffer body) {
    int lengthBytes = 12 + body.capacity();
    byte[] block = new byte[lengthBytes];
    ByteBuffer writer = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    writer.putInt(type).putInt(lengthBytes).put(body.rewind()).putInt(lengthBytes);
    bytes.writeBytes(block);
  }

  private static ByteBuffer allocate(int lengthBytes) {
    return ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int padded(int lengthBytes) {
    return (lengthBytes + 3) / 4 * 4;
  }
}
