package org.mssbridge.capturefile;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes the digest of a stream while it is read. */
final class DigestedInput extends FilterInputStream {
  private final MessageDigest digest;
  private Runnable whenRead = () -> {};

  DigestedInput(InputStream input) {
    super(input);
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
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
      digest.update(buffer, offset, read);
    }
    whenRead.run();
    return read;
  }

  /** SHA-256 of the bytes read, in hexadecimal digits; call it once. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
