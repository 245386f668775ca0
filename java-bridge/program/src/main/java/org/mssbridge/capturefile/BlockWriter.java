package org.mssbridge.capturefile;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.WholeFile;

/**
 * Writes pcapng blocks, buffered, in the byte order of their section; the last bytes written can be
 * removed again.
 */
final class BlockWriter extends OutputStream {
  private static final int BUFFER_BYTES = 1 << 20;

  private final WholeFile file;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long flushed;

  BlockWriter(WholeFile file) {
    this.file = file;
    channel = file.channel();
  }

  void order(ByteOrder order) {
    buffer.order(order);
  }

  /** Bytes written so far. */
  long position() {
    return flushed + buffer.position();
  }

  @Override
  public void write(int value) throws OutputException {
    room(Byte.BYTES).put((byte) value);
  }

  void putShort(int value) throws OutputException {
    room(Short.BYTES).putShort((short) value);
  }

  void putInt(int value) throws OutputException {
    room(Integer.BYTES).putInt(value);
  }

  void putLong(long value) throws OutputException {
    room(Long.BYTES).putLong(value);
  }

  void putZeros(int count) throws OutputException {
    for (int i = 0; i < count; i++) {
      write(0);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws OutputException {
    int done = 0;
    while (done < length) {
      int step = Math.min(room(1).remaining(), length - done);
      buffer.put(bytes, offset + done, step);
      done += step;
    }
  }

  void put(ByteBuffer bytes) throws OutputException {
    while (bytes.hasRemaining()) {
      int step = Math.min(room(1).remaining(), bytes.remaining());
      buffer.put(bytes.slice(bytes.position(), step));
      bytes.position(bytes.position() + step);
    }
  }

  /** Removes everything after {@code position}. */
  void truncate(long position) throws OutputException {
    if (position >= flushed) {
      buffer.position((int) (position - flushed));
      return;
    }
    try {
      channel.truncate(position);
      channel.position(position);
      flushed = position;
      buffer.clear();
    } catch (IOException e) {
      throw file.failure(e);
    }
  }

  /** Adds to a 64-bit number that was written earlier in the current byte order. */
  void addToLong(long position, long increase) throws OutputException {
    flush();
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(buffer.order());
    try {
      while (number.hasRemaining()) {
        if (channel.read(number, position + number.position()) < 0) {
          throw new IOException("shortened meanwhile");
        }
      }
      number.putLong(0, number.getLong(0) + increase).flip();
      while (number.hasRemaining()) {
        channel.write(number, position + number.position());
      }
    } catch (IOException e) {
      throw file.failure(e);
    }
  }

  @Override
  public void flush() throws OutputException {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        flushed += channel.write(buffer);
      }
    } catch (IOException e) {
      throw file.failure(e);
    }
    buffer.clear();
  }

  private ByteBuffer room(int count) throws OutputException {
    if (buffer.remaining() < count) {
      flush();
    }
    return buffer;
  }
}
