package org.mssbridge.script;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Writes the sightings of one point as a capture file, pcap or pcapng, little-endian. */
final class ScriptCaptureWriter {
  private static final int MAGIC_MICROSECONDS = 0xa1b2c3d4;
  private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;

  private final ScriptPoint point;
  private final long startNanos;

  /**
   * @param startNanos time 0 of the script, in nanoseconds since 1970-01-01
   */
  ScriptCaptureWriter(ScriptPoint point, long startNanos) {
    this.point = point;
    this.startNanos = startNanos;
  }

  void write(List<ScriptSighting> sightings, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(point.format() == ScriptPoint.Format.PCAPNG ? pcapngHeader() : pcapHeader());
      for (ScriptSighting sighting : sightings) {
        out.write(point.format() == ScriptPoint.Format.PCAPNG ? block(sighting) : record(sighting));
      }
    }
    if (point.cutBytes() > 0) {
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length - point.cutBytes()));
    }
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytesOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.get(0, bytes);
    return bytes;
  }

  private byte[] pcapHeader() {
    boolean micro = point.format() == ScriptPoint.Format.PCAP;
    ByteBuffer header = allocate(24).putInt(micro ? MAGIC_MICROSECONDS : MAGIC_NANOSECONDS);
    header.putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    return bytesOf(header.putInt(point.snapLength()).putInt(point.link().type));
  }

  private byte[] record(ScriptSighting sighting) {
    long nanos = captureNanos(sighting);
    int captured = Math.min(sighting.frame().length, point.snapLength());
    boolean micro = point.format() == ScriptPoint.Format.PCAP;
    ByteBuffer record = allocate(16 + captured).putInt((int) (nanos / 1_000_000_000));
    record.putInt((int) (nanos % 1_000_000_000 / (micro ? 1000 : 1)));
    record.putInt(captured).putInt(sighting.frame().length);
    return bytesOf(record.put(sighting.frame(), 0, captured));
  }

  /** A section header and an interface with nanosecond timestamps (if_tsresol 9). */
  private byte[] pcapngHeader() {
    ByteBuffer header = allocate(28 + 32);
    header.putInt(0x0a0d0d0a).putInt(28).putInt(0x1a2b3c4d);
    header.putShort((short) 1).putShort((short) 0).putLong(-1).putInt(28);
    header.putInt(1).putInt(32).putShort((short) point.link().type).putShort((short) 0);
    header.putInt(point.snapLength());
    header.putShort((short) 9).putShort((short) 1).putInt(9).putInt(0);
    return bytesOf(header.putInt(32));
  }

  private byte[] block(ScriptSighting sighting) {
    int captured = Math.min(sighting.frame().length, point.snapLength());
    int optionBytes = sighting.comments().isEmpty() ? 0 : 4;
    for (byte[] comment : sighting.comments()) {
      optionBytes += 4 + padded(comment.length);
    }
    int total = 32 + padded(captured) + optionBytes;
    long nanos = captureNanos(sighting);
    ByteBuffer block = allocate(total).putInt(6).putInt(total).putInt(0);
    block.putInt((int) (nanos >>> 32)).putInt((int) nanos);
    block.putInt(captured).putInt(sighting.frame().length).put(sighting.frame(), 0, captured);
    block.position(28 + padded(captured));
    for (byte[] comment : sighting.comments()) {
      block.putShort((short) 1).putShort((short) comment.length).put(comment);
      block.position(block.position() + padded(comment.length) - comment.length);
    }
    return bytesOf(block.putInt(total - 4, total));
  }

  private static int padded(int bytes) {
    return (bytes + 3) / 4 * 4;
  }

  private long captureNanos(ScriptSighting sighting) {
    return startNanos + point.clockNanos(sighting.trueNanos());
  }
}
