package org.mssbridge.tshark;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Lets a pipe fill before it is read. Otherwise a writer that prints in small pieces wakes its
 * reader at each write, which costs both more than the reading itself.
 */
final class UnhurriedInput extends FilterInputStream {
  private static final int ENOUGH_BYTES = 32 * 1024;
  private static final long PAUSE_MILLIS = 1;

  UnhurriedInput(InputStream input) {
    super(input);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (in.available() < ENOUGH_BYTES) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return in.read(buffer, offset, length);
  }
}
