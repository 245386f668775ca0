package org.mssbridge.tshark;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.mssbridge.model.Printable;

/** Looks at a capture as a file, before tshark does. */
public final class CaptureFile {
  /**
   * draft-ietf-opsawg-pcap, section 4, and draft-ietf-opsawg-pcapng, section 4.1. The first is pcap
   * with times in microseconds or nanoseconds, and as patched by Kuznetsov, in both byte orders.
   */
  private static final Set<Integer> MAGIC =
      Set.of(0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1, 0x0a0d0d0a);

  private CaptureFile() {}

  /**
   * Says why a path cannot be a capture, before a process is started for it.
   *
   * @throws TsharkException if it is missing, not a file, unreadable or of no bytes
   */
  public static void check(Path path) throws TsharkException {
    String name = Printable.of(path);
    if (!Path.of(path.toString()).equals(path)) {
      throw new TsharkException(
          name + ": its name is not text in the encoding of this system; rename it");
    }
    if (!Files.exists(path)) {
      throw new TsharkException(name + ": no such file; check the name");
    }
    if (Files.isDirectory(path)) {
      throw new TsharkException(name + ": is a directory; name a capture file in it");
    }
    if (!Files.isReadable(path)) {
      throw new TsharkException(name + ": cannot be read; check its permissions");
    }
    if (!Files.isRegularFile(path)) {
      throw new TsharkException(
          name + ": is no regular file, and is to be read twice; save it to a file first");
    }
    try {
      if (Files.size(path) == 0) {
        throw new TsharkException(
            name + ": is empty (0 bytes); capture again or name another file");
      }
    } catch (IOException e) {
      throw new TsharkException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Whether a file begins as pcap or pcapng does, plain or in gzip. tshark reads more formats, and
   * among them pictures, films and texts, in which each file is a frame.
   */
  public static boolean isPcapOrPcapng(Path path) throws IOException {
    try (InputStream input = new BufferedInputStream(Files.newInputStream(path))) {
      return MAGIC.contains(firstInt(input))
          || MAGIC.contains(firstInt(new GZIPInputStream(input)));
    } catch (ZipException | EOFException e) {
      return false;
    }
  }

  private static int firstInt(InputStream input) throws IOException {
    input.mark(Integer.BYTES);
    int first = new DataInputStream(input).readInt();
    if (input.markSupported()) {
      input.reset();
    }
    return first;
  }

  /**
   * SHA-256 of the file, in hexadecimal digits.
   *
   * @throws IOException if it cannot be read
   */
  public static String sha256(Path path) throws IOException {
    try (InputStream input = Files.newInputStream(path)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      int length;
      while ((length = input.read(buffer)) > 0) {
        digest.update(buffer, 0, length);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
