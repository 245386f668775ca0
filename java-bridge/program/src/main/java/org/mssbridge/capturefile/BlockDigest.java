package org.mssbridge.capturefile;

import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * SHA-256 of bytes that come bit by bit. It is computed on a thread of its own, so that who reads a
 * capture does not wait for it; a small capture is not worth the thread.
 */
final class BlockDigest implements AutoCloseable {
  private static final int BLOCK_BYTES = 1 << 18;

  /** Blocks that may wait: the reader waits for the digest only where no core is free. */
  private static final int MOST_BLOCKS = 16;

  private final MessageDigest digest;

  /** Blocks to compute with; an empty one is the last. */
  private final BlockingQueue<ByteBuffer> filled = new ArrayBlockingQueue<>(MOST_BLOCKS + 1);

  /** Buffers to fill again. */
  private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(MOST_BLOCKS + 1);

  private ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
  private Thread thread;

  BlockDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Adds bytes, which are copied.
   *
   * @throws InterruptedIOException if this thread is interrupted
   */
  void add(byte[] bytes, int offset, int count) throws InterruptedIOException {
    int done = 0;
    while (done < count) {
      if (!block.hasRemaining()) {
        handOver();
      }
      int step = Math.min(count - done, block.remaining());
      block.put(bytes, offset + done, step);
      done += step;
    }
  }

  /**
   * The digest in hexadecimal digits; call it once.
   *
   * @throws InterruptedIOException if this thread is interrupted
   */
  String hex() throws InterruptedIOException {
    if (thread == null) {
      digest.update(block.flip());
    } else {
      handOver(); // Never empty: it is only handed over when more comes.
      put(ByteBuffer.allocate(0));
      join();
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Ends the thread, also where the digest was not asked for. */
  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void handOver() throws InterruptedIOException {
    if (thread == null) {
      thread = new Thread(this::update, "digest");
      thread.setDaemon(true);
      thread.start();
    }
    put(block.flip());
    ByteBuffer again = free.poll();
    block = again == null ? ByteBuffer.allocate(BLOCK_BYTES) : again;
  }

  private void update() {
    try {
      for (ByteBuffer next = filled.take(); next.hasRemaining(); next = filled.take()) {
        digest.update(next);
        free.offer(next.clear());
      }
    } catch (InterruptedException e) {
      // Closed: nobody asks for the digest.
    }
  }

  private void put(ByteBuffer next) throws InterruptedIOException {
    try {
      filled.put(next);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void join() throws InterruptedIOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while a file was read");
  }
}
