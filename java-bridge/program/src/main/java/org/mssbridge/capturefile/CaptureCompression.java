package org.mssbridge.capturefile;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** How a capture is compressed, judged by its first bytes and not by its name. */
enum CaptureCompression {
  NONE(""),
  GZIP("\u001F\u008B"), // RFC 1952, section 2.3.1
  ZSTD("(\u00B5/\u00FD"),
  LZ4("\u0004\"M\u0018"),
  BZIP2("BZh"),
  XZ("\u00FD7zXZ");

  private static final int MOST_MAGIC_BYTES = 5;
  private static final int BUFFER_BYTES = 1 << 16;

  private final String magic;

  CaptureCompression(String magic) {
    this.magic = magic;
  }

  /** The compression of a file. */
  static CaptureCompression of(Path file) throws IOException {
    String start;
    try (InputStream in = Files.newInputStream(file)) {
      start = new String(in.readNBytes(MOST_MAGIC_BYTES), StandardCharsets.ISO_8859_1);
    }
    for (CaptureCompression each : values()) {
      if (each != NONE && start.startsWith(each.magic)) {
        return each;
      }
    }
    return NONE;
  }

  /** Whether this program can decompress it. */
  boolean isSupported() {
    return this == NONE || this == GZIP;
  }

  /** Decompresses gzip; other bytes are passed on unchanged. Closes {@code in} if it fails. */
  InputStream unzip(InputStream in, Strictness strictness) throws IOException {
    if (this != GZIP) {
      return in;
    }
    try {
      return new Unzipped(in, strictness);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The content of a gzip file up to any damage, where tshark stops too. */
  private static final class Unzipped extends GZIPInputStream {
    private static final int TRAILER_BYTES = 8;

    private final Strictness strictness;
    private boolean isEnded;

    Unzipped(InputStream in, Strictness strictness) throws IOException {
      super(in, BUFFER_BYTES);
      this.strictness = strictness;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      int read = isEnded ? -1 : readOn(buffer, offset, count);
      isEnded |= read < 0;
      return read;
    }

    private int readOn(byte[] buffer, int offset, int count) throws IOException {
      try {
        int read = super.read(buffer, offset, count);
        if (read < 0 && (inf.getRemaining() > TRAILER_BYTES || in.read() >= 0)) {
          strictness.odd("bytes after the end of a gzip file");
        }
        return read;
      } catch (EOFException | ZipException e) {
        strictness.odd("a gzip file is cut short or damaged");
        return -1;
      }
    }
  }
}
