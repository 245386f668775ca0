package org.mssbridge.capturefile;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A capture whose file is read only once, for its content and its digest. */
public final class DigestedCapture implements Closeable {
  private final DigestedInput stored;
  private final InputStream content;

  private DigestedCapture(DigestedInput stored, InputStream content) {
    this.stored = stored;
    this.content = content;
  }

  /** Opens a file, plain or gzip. */
  public static DigestedCapture open(Path file, Strictness strictness) throws IOException {
    CaptureCompression compression = CaptureCompression.of(file);
    DigestedInput stored = new DigestedInput(Files.newInputStream(file));
    return new DigestedCapture(stored, compression.unzip(stored, strictness));
  }

  /** The content of the file, decompressed if it is gzip. */
  public InputStream content() {
    return content;
  }

  /** Sets an action to run after each read. */
  public void whenRead(Runnable action) {
    stored.whenRead(action);
  }

  /**
   * SHA-256 of the file as it is stored, in hexadecimal digits; call it once, after the content was
   * read to its end.
   *
   * @throws IOException if this thread is interrupted
   */
  public String sha256() throws IOException {
    return stored.sha256();
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
