package org.mssbridge.capturefile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;

/** The part of a stream that is looked at: one buffer that holds in one piece what is asked for. */
final class ByteWindow {
  private static final int BYTES = 1 << 20;

  /** Room after all that was read, so that short headers can be read before the end is checked. */
  private static final int SLACK_BYTES = 128;

  private final InputStream input;
  private final SeekableByteChannel channel;
  private byte[] bytes = new byte[BYTES + SLACK_BYTES];
  private int position;
  private int end;

  /** Where in the stream {@link #end} is. */
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

  /** Whether that many bytes are left; {@link #bytes} then holds them in one piece. */
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

  /** The buffer; another one after each call of {@link #has}. */
  byte[] bytes() {
    return bytes;
  }

  /** Where in the buffer the next byte is. */
  int position() {
    return position;
  }

  /** Where in the stream the next byte is. */
  long offset() {
    return endOffset - (end - position);
  }

  void skip(int count) {
    position += count;
  }

  /** Goes to a place in the stream; only for a channel. */
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

  /** Moves bytes to an output, however many; false if the stream ends before. */
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
