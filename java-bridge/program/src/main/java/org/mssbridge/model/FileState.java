package org.mssbridge.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A file as it was found, by which it is noticed when another program changes it.
 *
 * @param path its name
 * @param bytes its length; -1 where there is no such file
 * @param modified when it was last written to; 1970 where there is no such file
 * @param sha256 of its bytes, in hexadecimal digits; empty where it was not read, or cannot be
 */
public record FileState(Path path, long bytes, Instant modified, Optional<String> sha256) {
  /** A file as it is now, not read yet. */
  public static FileState of(Path path) {
    try {
      Instant modified = Files.getLastModifiedTime(path).toInstant();
      return new FileState(path, Files.size(path), modified, Optional.empty());
    } catch (IOException e) {
      return new FileState(path, -1, Instant.EPOCH, Optional.empty());
    }
  }

  /** The same file, read. */
  public FileState withSha256(String digest) {
    return new FileState(path, bytes, modified, Optional.of(digest));
  }

  public boolean exists() {
    return bytes >= 0;
  }

  /** Whether the file has the same length and time of change as when it was found. */
  public boolean isUnchanged() {
    FileState now = of(path);
    return bytes == now.bytes && modified.equals(now.modified);
  }

  /** Its name without the folder. */
  public String name() {
    return String.valueOf(path.getFileName());
  }
}
