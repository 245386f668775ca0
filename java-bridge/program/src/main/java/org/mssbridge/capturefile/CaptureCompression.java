package org.mssbridge.capturefile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;

/** How a capture is compressed, by its first bytes; a name says nothing. */
enum CaptureCompression {
  NONE(""),
  GZIP("\u001F\u008B"),
  ZSTD("(\u00B5/\u00FD"),
  LZ4("\u0004\"M\u0018"),
  BZIP2("BZh"),
  XZ("\u00FD7zXZ");

  private static final int BUFFER_BYTES = 1 << 16;

  private final String magic;

  CaptureCompression(String magic) {
    this.magic = magic;
  }

  /**
   * The compression of a file that starts with these bytes.
   *
   * @throws OutputException if it is one that is not read here
   */
  static CaptureCompression of(byte[] start, Path file) throws OutputException {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith(GZIP.magic)) {
      return GZIP;
    }
    for (CaptureCompression each : values()) {
      if (each != NONE && text.startsWith(each.magic)) {
        throw new OutputException(
            "cannot annotate "
                + Printable.of(file.toString())
                + ": it is compressed with "
                + each.name().toLowerCase(Locale.ROOT)
                + "; decompress it and compare that");
      }
    }
    return NONE;
  }

  /** The bytes as they were before compression; closes {@code in} where it fails. */
  InputStream unzip(InputStream in) throws IOException {
    if (this == NONE) {
      return in;
    }
    try {
      return new GZIPInputStream(in, BUFFER_BYTES);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }
}
