package org.mssbridge.capturefile;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.ZipException;
import org.mssbridge.model.RecordedTime;

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

  /**
   * When a capture was taken, as far as it says so.
   *
   * @return {@link RecordedTime#UNKNOWN} also for a file that cannot be read to its end
   */
  public static RecordedTime recordedTime(Path path) {
    try (InputStream content = content(path, Strictness.LIKE_TSHARK)) {
      Optional<CaptureRecords> records = CaptureRecords.of(content, Strictness.LIKE_TSHARK);
      if (records.isEmpty()) {
        return RecordedTime.UNKNOWN;
      }
      while (records.get().next()) {
        // Only what the file says of itself is wanted.
      }
      return records.get().recordedTime();
    } catch (IOException e) {
      return RecordedTime.UNKNOWN;
    }
  }

  /**
   * The offset of the first record that is cut or damaged, in the content as it is decompressed.
   *
   * @return empty if all records are whole, or the file is neither pcap nor pcapng
   */
  public static OptionalLong damagedAt(Path path) throws IOException {
    try (InputStream content = content(path, Strictness.LIKE_TSHARK)) {
      Optional<CaptureRecords> records = CaptureRecords.of(content, Strictness.LIKE_TSHARK);
      if (records.isEmpty()) {
        return OptionalLong.empty();
      }
      ByteWindow window = records.get().window;
      long last = 0;
      long end = 0;
      while (records.get().next()) {
        last = window.offset();
        end = last + records.get().lengthBytes();
      }
      long offset = window.offset();
      // A block that is too long to be held may claim more than there is.
      return end > offset
          ? OptionalLong.of(last)
          : window.isAtEnd() ? OptionalLong.empty() : OptionalLong.of(offset);
    } catch (ZipException | EOFException e) {
      return OptionalLong.empty();
    }
  }

  /** The content of the file, decompressed if it is gzip. */
  public static InputStream content(Path path, Strictness strictness) throws IOException {
    return CaptureCompression.of(path).unzip(Files.newInputStream(path), strictness);
  }
}
