package org.mssbridge.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells outputs that are no regular file: a device, a FIFO, a socket, or a path that leads to an
 * open file, such as {@code /dev/stdout}. They can be written to, but never replaced.
 */
final class SpecialFile {
  private static final Path OPEN_FILES = Path.of("/proc");
  private static final int MAX_LINKS = 40; // As Linux has it.

  private SpecialFile() {}

  /** Whether an output is such a file. */
  static boolean is(Path output) {
    boolean isOther =
        Files.exists(output) && !Files.isRegularFile(output) && !Files.isDirectory(output);
    return isOther || leadsToOpenFile(output);
  }

  /** A link of Linux to an open file, which may well be a regular one: another program holds it. */
  private static boolean leadsToOpenFile(Path output) {
    Path path = output.toAbsolutePath();
    for (int links = 0; links < MAX_LINKS; links++) {
      if (isInOpenFiles(path)) {
        return true;
      }
      if (!Files.isSymbolicLink(path)) {
        return false;
      }
      try {
        path = path.resolveSibling(Files.readSymbolicLink(path)).normalize();
      } catch (IOException e) {
        return false;
      }
    }
    return false;
  }

  private static boolean isInOpenFiles(Path path) {
    try {
      return path.getParent() != null && path.getParent().toRealPath().startsWith(OPEN_FILES);
    } catch (IOException e) {
      return false; // There is no such folder.
    }
  }
}
