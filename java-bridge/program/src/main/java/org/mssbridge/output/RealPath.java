package org.mssbridge.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a path leads: all links are followed, also a link to a file that does not exist yet. */
public final class RealPath {
  /** As Linux has it. */
  static final int MAX_LINKS = 40;

  private RealPath() {}

  /** The absolute path without links, as far as it exists. */
  public static Path of(Path file) {
    return of(file.toAbsolutePath(), MAX_LINKS);
  }

  private static Path of(Path file, int links) {
    Path parent = file.getParent();
    if (parent == null) {
      return file;
    }
    try {
      if (Files.exists(file)) {
        return file.toRealPath();
      }
      if (links > 0 && Files.isSymbolicLink(file)) {
        return of(parent.resolve(Files.readSymbolicLink(file)), links - 1);
      }
    } catch (IOException e) {
      // A folder of it cannot be read: its own name is the best there is.
    }
    return of(parent, links).resolve(file.getFileName()).normalize();
  }
}
