package org.mssbridge.capturefile;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Computes the digest of a stream while it is read. */
final class DigestedInput extends FilterInputStream {
  private final BlockDigest digest = new BlockDigest();
  private Runnable whenRead = () -> {};

  DigestedInput(InputStream input) {
    super(input);
  }

  /** Sets an action to run after each read. */
  void whenRead(Runnable action) {
    whenRead = action;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    int read = in.read(buffer, offset, count);
    if (read > 0) {
      digest.add(buffer, offset, read);
    }
    whenRead.run();
    return read;
  }

  /** SHA-256 of the bytes read, in hexadecimal digits; call it once. */
  String sha256() throws IOException {
    return digest.hex();
  }

  @Override
  public void close() throws IOException {
    digest.close();
    super.close();
  }
}
