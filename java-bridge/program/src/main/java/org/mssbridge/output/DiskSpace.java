package org.mssbridge.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mssbridge.model.Printable;

/** Checks before the work starts whether copies of captures fit on the disk. */
public final class DiskSpace {
  /** Factor for comments and block headers in addition to the packets. */
  private static final double OVERHEAD = 1.2;

  private DiskSpace() {}

  /**
   * Checks that a copy of captures fits into a folder.
   *
   * @param bytes size of the captures
   * @param purpose what the copy is for, such as {@code to join rotated files}
   * @throws OutputException if the copy does not fit
   */
  public static void require(Path folder, long bytes, String purpose) throws OutputException {
    long needed = (long) (bytes * OVERHEAD);
    long usable;
    try {
      usable = Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return; // The file system does not report its free space; a full disk will show when writing.
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
