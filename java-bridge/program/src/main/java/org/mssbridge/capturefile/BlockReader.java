package org.mssbridge.capturefile;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.mssbridge.output.OutputException;

/** Reads blocks of a pcapng file at any place, quickest in the order of the file. */
final class BlockReader implements Closeable {
  private static final int HEADER_BYTES = 12;
  private static final int WINDOW_BYTES = 1 << 20;

  private final FileChannel channel;
  private ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long windowStart;
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private int at;
  private long blockBytes;

  private BlockReader(FileChannel channel) {
    this.channel = channel;
  }

  static BlockReader open(Path file) throws IOException {
    return new BlockReader(FileChannel.open(file, StandardOpenOption.READ));
  }

  /** Goes to the block at a position; false at the end of the file. */
  boolean seek(long position) throws IOException {
    if (!fill(position, HEADER_BYTES)) {
      return false;
    }
    if (window.order(ByteOrder.BIG_ENDIAN).getInt(at) == PcapngCopier.SECTION_HEADER) {
      boolean big = window.getInt(at + 8) == PcapngCopier.BYTE_ORDER_MAGIC;
      order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }
    window.order(order);
    blockBytes = (Integer.toUnsignedLong(window.getInt(at + 4)) + 3) & ~3L;
    return blockBytes >= HEADER_BYTES;
  }

  /** The byte order of the section that the block belongs to, when blocks are read in turn. */
  ByteOrder order() {
    return order;
  }

  /** Goes to a block of a section whose byte order is known. */
  void seek(long position, ByteOrder sectionOrder) throws IOException {
    order = sectionOrder;
    seek(position);
  }

  int type() {
    return window.getInt(at);
  }

  long blockBytes() {
    return blockBytes;
  }

  /** The whole block, in its byte order, from 0 to its limit; valid until the next call. */
  ByteBuffer block() throws IOException {
    long position = windowStart + at;
    if (blockBytes > CaptureBytes.MAX_WINDOW_BYTES || !fill(position, (int) blockBytes)) {
      throw new OutputException(
          "cannot merge: a packet of "
              + blockBytes
              + " bytes is too long; leave out --merged, or cut it with editcap -s");
    }
    return window.slice(at, (int) blockBytes).order(order);
  }

  private boolean fill(long position, int bytes) throws IOException {
    if (position >= windowStart && position + bytes <= windowStart + window.limit()) {
      at = (int) (position - windowStart);
      return true;
    }
    if (bytes > window.capacity()) {
      window = ByteBuffer.allocate(Integer.highestOneBit(bytes) * 2);
    }
    window.clear();
    windowStart = position;
    at = 0;
    while (window.hasRemaining()) {
      if (channel.read(window, position + window.position()) < 0) {
        break;
      }
    }
    window.flip();
    return window.limit() >= bytes;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written through it.
    }
  }
}
