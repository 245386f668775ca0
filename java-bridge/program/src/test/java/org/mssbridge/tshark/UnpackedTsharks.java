package org.mssbridge.tshark;

import java.nio.file.Path;

/**
 * The versions of tshark that {@code .ci/tshark-versions} unpacks, whether they are there or not.
 */
public final class UnpackedTsharks {
  private UnpackedTsharks() {}

  /** The folder with one folder for each version. */
  public static Path folder() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path caches =
        cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    return caches.resolve("mssbridge/tshark");
  }

  /** The program of a version, such as {@code 4.4}. */
  public static Path program(String version) {
    return folder().resolve(version).resolve("bin/tshark");
  }
}
