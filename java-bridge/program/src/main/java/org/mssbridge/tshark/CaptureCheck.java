package org.mssbridge.tshark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mssbridge.model.Printable;

/** Checks whether a path can be a capture, before a process is started for it. */
public final class CaptureCheck {
  private CaptureCheck() {}

  /**
   * Makes sure that a path is a readable file that is not empty.
   *
   * @throws TsharkException if it is missing, not a regular file, unreadable or empty; the message
   *     says why
   */
  public static void check(Path path) throws TsharkException {
    String name = Printable.of(path);
    if (!Printable.isText(path.toString())) {
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
}
