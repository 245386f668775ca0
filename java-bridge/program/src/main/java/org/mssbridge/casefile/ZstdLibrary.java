package org.mssbridge.casefile;

import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;

/**
 * The native library of ZSTD, unpacked where it may be executed, as {@link SqliteLibrary}: it needs
 * its file only while it is loaded.
 */
final class ZstdLibrary {
  private ZstdLibrary() {}

  /**
   * Loads the library.
   *
   * @throws OutputException if it cannot be unpacked or loaded
   */
  static synchronized void load() throws OutputException {
    if (Native.isLoaded()) {
      return;
    }
    String cache = System.getProperty("mssbridge.cache", "");
    try {
      loadFrom(inCache(cache));
    } catch (IOException | UnsatisfiedLinkError inCache) {
      try {
        loadFrom(Leftover.temporary());
      } catch (IOException | UnsatisfiedLinkError e) {
        throw new OutputException(
            "ZSTD cannot be loaded, neither from the cache "
                + Printable.of(cache)
                + " ("
                + reason(inCache)
                + ") nor from the folder for temporary files: set XDG_CACHE_HOME to a folder that"
                + " may be written to and executed from",
            e);
      }
    }
  }

  private static Leftover inCache(String cache) throws IOException {
    if (cache.isEmpty()) {
      throw new IOException("there is no folder for the program's cache");
    }
    Path folder = Files.createDirectories(Path.of(cache));
    Leftover.clear(folder);
    return Leftover.folder(folder, false);
  }

  private static void loadFrom(Leftover folder) {
    try (folder) {
      Native.load(folder.path().toFile());
    }
  }

  private static String reason(Throwable failure) {
    return failure instanceof IOException e
        ? FileTrouble.reason(e)
        : Printable.of(String.valueOf(failure.getMessage()));
  }
}
