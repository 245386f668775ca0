package org.mssbridge.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Permissions as Unix has them. On Windows files inherit those of their folder, which do. */
final class Permissions {
  private Permissions() {}

  /**
   * Sets permissions where there are such.
   *
   * @param permissions such as {@code rw-r--r--}
   */
  static void set(Path path, String permissions) throws IOException {
    if (areKnown(path)) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }

  /** Whether all users can read a file, or enter a folder and list it; true on Windows. */
  static boolean isReadableByAll(Path path) throws IOException {
    Set<PosixFilePermission> needed =
        PosixFilePermissions.fromString(Files.isDirectory(path) ? "r-xr-xr-x" : "r--r--r--");
    return !areKnown(path) || Files.getPosixFilePermissions(path).containsAll(needed);
  }

  private static boolean areKnown(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
