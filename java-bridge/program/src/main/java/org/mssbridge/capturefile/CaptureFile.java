package org.mssbridge.capturefile;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** Answers questions about a capture as a file. */
public final class CaptureFile {
  private CaptureFile() {}

  /**
   * Whether a file begins as pcap or pcapng does, plain or in gzip. tshark reads more formats, and
   * among them pictures, films and texts, in which each file is a frame.
   */
  public static boolean isPcapOrPcapng(Path path) throws IOException {
    try (InputStream content = content(path, Strictness.LIKE_TSHARK)) {
      byte[] start = content.readNBytes(Magic.BYTES);
      return start.length == Magic.BYTES && Magic.isCapture(Bytes.int32(start, 0));
    } catch (ZipException | EOFException e) {
      return false;
    }
  }

  /**
   * SHA-256 of the file as it is stored, in hexadecimal digits.
   *
   * @throws IOException if it cannot be read
   */
  public static String sha256(Path path) throws IOException {
    try (DigestedInput input = new DigestedInput(Files.newInputStream(path))) {
      input.transferTo(OutputStream.nullOutputStream());
      return input.sha256();
    }
  }

  /** What the file holds, without gzip. */
  static InputStream content(Path path, Strictness strictness) throws IOException {
    return CaptureCompression.of(path).unzip(Files.newInputStream(path), strictness);
  }
}
