package org.mssbridge.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mssbridge.model.Printable;

/**
 * Tells outputs that are no regular file: a device, a FIFO, a socket, or a path that leads to an
 * open file, such as {@code /dev/stdout}. They can be written to, but never replaced.
 */
final class SpecialFile {
  private static final Path OPEN_FILES = Path.of("/proc");

  // The kinds of files in a mode: POSIX, sys/stat.h.
  private static final int KIND = 0170000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int SOCKET = 0140000;

  private SpecialFile() {}

  /** Whether an output is such a file. */
  static boolean is(Path output) {
    boolean isOther =
        Files.exists(output) && !Files.isRegularFile(output) && !Files.isDirectory(output);
    return isOther || leadsToOpenFile(output);
  }

  /**
   * Checks that such a file takes a stream.
   *
   * @throws OutputException if it cannot be opened, or is a disk, which would be destroyed
   */
  static void requireStream(Path output) throws OutputException {
    String trouble = null;
    if (!Files.exists(output)) {
      trouble = "no such open file";
    } else if (isKind(BLOCK_DEVICE, output)) {
      trouble = "it is a disk";
    } else if (isKind(SOCKET, output)) {
      trouble = "it is a socket";
    } else if (!Files.isWritable(output)) {
      trouble = "permission denied";
    }
    if (trouble != null) {
      throw new OutputException(
          "cannot write " + Printable.of(output) + ": " + trouble + "; name a file or a FIFO");
    }
  }

  private static boolean isKind(int kind, Path output) {
    try {
      return ((int) Files.getAttribute(output, "unix:mode") & KIND) == kind;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return false; // This system has no such kinds.
    }
  }

  /** A link of Linux to an open file, which may well be a regular one: another program holds it. */
  private static boolean leadsToOpenFile(Path output) {
    Path path = output.toAbsolutePath();
    for (int links = 0; links < RealPath.MAX_LINKS; links++) {
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
