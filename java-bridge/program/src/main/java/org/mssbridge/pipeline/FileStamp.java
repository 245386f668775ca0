package org.mssbridge.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.TsharkException;

/**
 * How a file was found, by which it is noticed when somebody changes it while it is read.
 *
 * @param path its name
 * @param bytes its length; -1 where there is no such file
 * @param modified when it was last written to; 1970 where there is no such file
 */
public record FileStamp(Path path, long bytes, Instant modified) {
  /** Of a file as it is now. */
  public static FileStamp of(Path path) {
    try {
      return new FileStamp(path, Files.size(path), Files.getLastModifiedTime(path).toInstant());
    } catch (IOException e) {
      return new FileStamp(path, -1, Instant.EPOCH);
    }
  }

  /** Whether nobody wrote to it since. */
  public boolean isStillSo() {
    return equals(of(path));
  }

  /**
   * Makes sure that what was read of it is one state of it.
   *
   * @throws TsharkException if somebody wrote to it
   */
  public void check() throws TsharkException {
    if (!isStillSo()) {
      throw new TsharkException(
          Printable.of(path)
              + ": was changed while it was read; end what writes to it, or compare a copy");
    }
  }
}
