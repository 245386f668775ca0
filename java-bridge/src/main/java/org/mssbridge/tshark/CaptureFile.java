package org.mssbridge.tshark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.mssbridge.model.Printable;

/** Looks at a capture as a file, before tshark does. */
public final class CaptureFile {
  private CaptureFile() {}

  /**
   * Says why a path cannot be a capture, before a process is started for it.
   *
   * @throws TsharkException if it is missing, not a file, unreadable or of no bytes
   */
  public static void check(Path path) throws TsharkException {
    String name = Printable.of(path);
    if (!Files.exists(path)) {
      throw new TsharkException(name + ": no such file; check the name");
    }
    if (Files.isDirectory(path)) {
      throw new TsharkException(name + ": is a directory; name a capture file in it");
    }
    if (!Files.isReadable(path)) {
      throw new TsharkException(name + ": cannot be read; check its permissions");
    }
    try {
      if (Files.isRegularFile(path) && Files.size(path) == 0) {
        throw new TsharkException(
            name + ": is empty (0 bytes); capture again or name another file");
      }
    } catch (IOException e) {
      throw new TsharkException(name + ": cannot be read: " + e.getMessage(), e);
    }
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
