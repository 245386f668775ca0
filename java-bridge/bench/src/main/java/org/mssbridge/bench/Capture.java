package org.mssbridge.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.PriorityQueue;

/**
 * A pcap file of Ethernet frames with microsecond timestamps. Packets are added in any order that
 * does not go back before what was already written.
 */
final class Capture implements AutoCloseable {
  private static final int MAX_FRAME_BYTES = 2048;

  private final FileChannel file;
  private final Time clock;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
  private final PriorityQueue<Sighting> pending = new PriorityQueue<>();
  private long added;
  private long packets;
  private long bytes;

  Capture(Path path, Time clock) throws IOException {
    this.clock = clock;
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    buffer.putInt(0xA1B2_C3D4).putShort((short) 2).putShort((short) 4);
    buffer.putLong(0).putInt(0x40000).putInt(1);
  }

  /** The clock of the machine that captures. */
  interface Time {
    long recordedUs(long trueUs);
  }

  private record Sighting(long timeUs, long order, boolean near, Packet packet)
      implements Comparable<Sighting> {
    @Override
    public int compareTo(Sighting other) {
      int byTime = Long.compare(timeUs, other.timeUs);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  long packets() {
    return packets;
  }

  long bytes() {
    return bytes;
  }

  void add(long timeUs, boolean near, Packet packet) {
    pending.add(new Sighting(timeUs, added, near, packet));
    added++;
  }

  /** Writes what was seen before a time. */
  void writeBefore(long timeUs) throws IOException {
    while (!pending.isEmpty() && pending.element().timeUs < timeUs) {
      write(pending.remove());
    }
  }

  private void write(Sighting sighting) throws IOException {
    if (buffer.remaining() < MAX_FRAME_BYTES) {
      flush();
    }
    long recordedUs = clock.recordedUs(sighting.timeUs);
    int frameBytes = sighting.packet.frameBytes();
    buffer.putInt((int) (recordedUs / 1_000_000)).putInt((int) (recordedUs % 1_000_000));
    buffer.putInt(frameBytes).putInt(frameBytes);
    sighting.packet.write(buffer, sighting.near);
    packets++;
  }

  private void flush() throws IOException {
    buffer.flip();
    bytes += buffer.remaining();
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    writeBefore(Long.MAX_VALUE);
    flush();
    file.close();
  }
}
