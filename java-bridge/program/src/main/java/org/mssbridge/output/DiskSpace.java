package org.mssbridge.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mssbridge.model.Printable;

/** Finds out before the work whether copies of captures fit on the disk. */
public final class DiskSpace {
  /** Comments and block headers, on top of the packets. */
  private static final double OVERHEAD = 1.2;

  private DiskSpace() {}

  /**
   * Checks that a copy of so many bytes of captures fits into a folder.
   *
   * @param purpose what it is for, such as {@code to join rotated files}
   * @throws OutputException if it does not fit
   */
  public static void require(Path folder, long bytes, String purpose) throws OutputException {
    long needed = (long) (bytes * OVERHEAD);
    long usable;
    try {
      usable = Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return; // A file system that does not tell its space: then writing will.
    }
    if (needed > usable) {
      throw new OutputException(
          Printable.of(folder)
              + ": "
              + (needed >> 20)
              + " MiB are needed there "
              + purpose
              + " and "
              + (usable >> 20)
              + " MiB are free; free some space or name another place");
    }
  }
}
