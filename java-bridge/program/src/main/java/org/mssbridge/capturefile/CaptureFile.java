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
   * Whether a file starts like pcap or pcapng, plain or in gzip. tshark also reads other formats,
   * among them images, videos and texts, of which a whole file is one frame.
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
   * @throws IOException if the file cannot be read
   */
  public static String sha256(Path path) throws IOException {
    try (DigestedInput input = new DigestedInput(Files.newInputStream(path))) {
      input.transferTo(OutputStream.nullOutputStream());
      return input.sha256();
    }
  }

  /** The content of the file, decompressed if it is gzip. */
  static InputStream content(Path path, Strictness strictness) throws IOException {
    return CaptureCompression.of(path).unzip(Files.newInputStream(path), strictness);
  }
}
