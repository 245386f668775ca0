package org.mssbridge.pipeline;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** A file that is read once, for what it holds and for its digest. */
final class FileBytes implements AutoCloseable {
  private static final int GZIP_BUFFER_BYTES = 1 << 16;

  private final Stored stored;
  private final InputStream content;

  private FileBytes(Stored stored, InputStream content) {
    this.stored = stored;
    this.content = content;
  }

  static FileBytes open(Path file) throws IOException {
    boolean isGzip;
    try (InputStream start = Files.newInputStream(file)) {
      isGzip = start.read() == 0x1f && start.read() == 0x8b; // RFC 1952, section 2.3.1
    }
    Stored stored = new Stored(Files.newInputStream(file));
    try {
      return new FileBytes(stored, isGzip ? new Unzipped(stored) : stored);
    } catch (IOException e) {
      stored.close();
      throw e;
    }
  }

  /** What the file holds, decompressed. */
  InputStream content() {
    return content;
  }

  /** Sets what is to be called whenever something was read. */
  void whenRead(Runnable action) {
    stored.whenRead = action;
  }

  /** The digest of the whole file in hexadecimal digits, when it was read to its end. */
  String sha256() {
    return HexFormat.of().formatHex(stored.digest.digest());
  }

  @Override
  public void close() throws IOException {
    stored.close();
  }

  /** The file as it is stored. */
  private static final class Stored extends FilterInputStream {
    private final MessageDigest digest;
    private Runnable whenRead = () -> {};

    Stored(InputStream input) {
      super(input);
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
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
  }

  /**
   * What a gzip file holds; nothing may stand behind it, since tshark reads that in its own way.
   */
  private static final class Unzipped extends GZIPInputStream {
    private static final int TRAILER_BYTES = 8;

    Unzipped(InputStream input) throws IOException {
      super(input, GZIP_BUFFER_BYTES);
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      int read = super.read(buffer, offset, count);
      if (read < 0 && (inf.getRemaining() > TRAILER_BYTES || in.read() >= 0)) {
        throw new IOException("bytes behind the end of a gzip file");
      }
      return read;
    }
  }
}
