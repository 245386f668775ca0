package org.mssbridge.capturefile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;

/** A window on a stream: a buffer that holds the requested bytes in one piece. */
final class ByteWindow {
  private static final int BYTES = 1 << 20;

  /** Spare bytes after the data, so that short headers can be read before the end is checked. */
  private static final int SLACK_BYTES = 128;

  private final InputStream input;
  private final SeekableByteChannel channel;
  private byte[] bytes = new byte[BYTES + SLACK_BYTES];
  private int position;
  private int end;

  /** The offset of {@link #end} in the stream. */
  private long endOffset;

  ByteWindow(InputStream input) {
    this.input = input;
    channel = null;
  }

  /** A window that can be moved with {@link #seek}. */
  ByteWindow(SeekableByteChannel channel) {
    this.channel = channel;
    input = Channels.newInputStream(channel);
  }

  /** Whether at least {@code count} bytes are left; {@link #bytes} then holds them in one piece. */
  boolean has(int count) throws IOException {
    return end - position >= count || fill(count);
  }

  private boolean fill(int count) throws IOException {
    boolean fits = count + SLACK_BYTES <= bytes.length;
    byte[] target = fits ? bytes : new byte[Integer.highestOneBit(count) * 2 + SLACK_BYTES];
    System.arraycopy(bytes, position, target, 0, end - position);
    bytes = target;
    end -= position;
    position = 0;
    while (end < count) {
      int read = input.read(bytes, end, bytes.length - SLACK_BYTES - end);
      if (read < 0) {
        return false;
      }
      end += read;
      endOffset += read;
    }
    return true;
  }

  boolean isAtEnd() throws IOException {
    return !has(1);
  }

  /** The buffer; valid until the next call of {@link #has}. */
  byte[] bytes() {
    return bytes;
  }

  /** The index of the next byte in the buffer. */
  int position() {
    return position;
  }

  /** The offset of the next byte in the stream. */
  long offset() {
    return endOffset - (end - position);
  }

  void skip(int count) {
    position += count;
  }

  /** Moves to an offset in the stream; only for a channel. */
  void seek(long offset) throws IOException {
    long inBuffer = offset - (endOffset - end);
    if (inBuffer >= 0 && inBuffer <= end) {
      position = (int) inBuffer;
      return;
    }
    channel.position(offset);
    position = 0;
    end = 0;
    endOffset = offset;
  }

  /** Copies any number of bytes to an output and skips them; false if the stream ends before. */
  boolean copy(long count, OutputStream output) throws IOException {
    long left = count;
    while (left > 0) {
      if (isAtEnd()) {
        return false;
      }
      int step = (int) Math.min(left, end - position);
      output.write(bytes, position, step);
      position += step;
      left -= step;
    }
    return true;
  }
}
