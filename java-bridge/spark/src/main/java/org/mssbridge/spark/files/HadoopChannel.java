package org.mssbridge.spark.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.fs.FSDataInputStream;

/** Reads a file of Hadoop at any place. */
final class HadoopChannel implements SeekableByteChannel {
  private final FSDataInputStream input;
  private final long bytes;
  private boolean isOpen = true;

  /**
   * @param bytes length of the file
   */
  HadoopChannel(FSDataInputStream input, long bytes) {
    this.input = input;
    this.bytes = bytes;
  }

  private void requireOpen() throws ClosedChannelException {
    if (!isOpen) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public int read(ByteBuffer buffer) throws IOException {
    requireOpen();
    byte[] some = new byte[buffer.remaining()];
    int read = input.read(some, 0, some.length);
    if (read > 0) {
      buffer.put(some, 0, read);
    }
    return read;
  }

  @Override
  public long position() throws IOException {
    requireOpen();
    return input.getPos();
  }

  @Override
  public SeekableByteChannel position(long place) throws IOException {
    requireOpen();
    input.seek(Math.min(place, bytes));
    return this;
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    return bytes;
  }

  @Override
  public int write(ByteBuffer buffer) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return isOpen;
  }

  @Override
  public void close() throws IOException {
    isOpen = false;
    input.close();
  }
}
