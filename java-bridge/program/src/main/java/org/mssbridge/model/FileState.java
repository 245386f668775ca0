package org.mssbridge.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The state in which a file was found, to detect changes by another program.
 *
 * @param path its path
 * @param bytes its length; -1 where there is no such file
 * @param modified when it was last modified; 1970 where there is no such file
 * @param sha256 the digest of its bytes in hexadecimal digits; empty where it was not or cannot be
 *     read
 */
public record FileState(Path path, long bytes, Instant modified, Optional<String> sha256) {
  /** The current state of a file, without its digest. */
  public static FileState of(Path path) {
    try {
      Instant modified = Files.getLastModifiedTime(path).toInstant();
      return new FileState(path, Files.size(path), modified, Optional.empty());
    } catch (IOException e) {
      return new FileState(path, -1, Instant.EPOCH, Optional.empty());
    }
  }

  /** The same state with the digest. */
  public FileState withSha256(String digest) {
    return new FileState(path, bytes, modified, Optional.of(digest));
  }

  public boolean exists() {
    return bytes >= 0;
  }

  /** Whether the file still has the length and modification time with which it was found. */
  public boolean isUnchanged() {
    FileState now = of(path);
    return bytes == now.bytes && modified.equals(now.modified);
  }

  /** Its name without the folder. */
  public String name() {
    return String.valueOf(path.getFileName());
  }
}
