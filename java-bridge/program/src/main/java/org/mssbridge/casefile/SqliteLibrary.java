package org.mssbridge.casefile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The native library of SQLite, unpacked where it may be executed: in the program's cache, or if
 * that is not possible, in the folder for temporary files. The driver alone knows only the latter,
 * which is often for data only, and leaves the library there if the program is killed.
 */
final class SqliteLibrary {
  private static final String FOLDER_FOR_DRIVER = "org.sqlite.lib.path";

  private SqliteLibrary() {}

  /**
   * Loads the library and shows the driver where it is, unless the user did.
   *
   * @throws CaseFileException if it cannot be unpacked or loaded
   */
  static synchronized void load() throws CaseFileException {
    if (System.getProperty(FOLDER_FOR_DRIVER) != null) {
      return;
    }
    Path cache = Path.of(System.getProperty("mssbridge.cache", ""));
    String folder;
    try {
      folder = loadFrom(unpackInto(cache));
    } catch (IOException | UnsatisfiedLinkError inCache) {
      try {
        folder = loadFrom(unpack(Leftover.temporary().path()));
      } catch (IOException | UnsatisfiedLinkError e) {
        throw new CaseFileException(
            "SQLite cannot be loaded, neither from the cache "
                + Printable.of(cache)
                + " ("
                + reason(inCache)
                + ") nor from the folder for temporary files: set XDG_CACHE_HOME to a folder that"
                + " may be written to and executed from",
            e);
      }
    }
    System.setProperty("org.sqlite.tmpdir", folder); // Where the driver looks for old libraries.
    System.setProperty(FOLDER_FOR_DRIVER, folder);
  }

  private static String loadFrom(Path library) {
    System.load(library.toAbsolutePath().toString());
    return library.toAbsolutePath().getParent().toString();
  }

  /**
   * Unpacks it unless it is there; others may be doing the same, and see it whole or not at all.
   */
  private static Path unpackInto(Path cache) throws IOException {
    if (cache.toString().isEmpty()) {
      throw new IOException("there is no folder for the program's cache");
    }
    Path folder = cache.resolve("sqlite-" + SQLiteJDBCLoader.getVersion());
    Path library = folder.resolve(LibraryLoaderUtil.getNativeLibName());
    if (!isWhole(library)) {
      Files.createDirectories(folder);
      Leftover.clear(folder);
      try (Leftover scratch = Leftover.folder(folder, false)) {
        Files.move(unpack(scratch.path()), library, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return library;
  }

  private static boolean isWhole(Path library) throws IOException {
    return Files.exists(library) && Arrays.equals(Files.readAllBytes(library), content());
  }

  private static Path unpack(Path folder) throws IOException {
    return Files.write(folder.resolve(LibraryLoaderUtil.getNativeLibName()), content());
  }

  private static byte[] content() throws IOException {
    String name =
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
    try (InputStream resource = SQLiteJDBCLoader.class.getResourceAsStream(name)) {
      return Optional.ofNullable(resource)
          .orElseThrow(() -> new IOException("there is no SQLite for this system, " + name))
          .readAllBytes();
    }
  }

  private static String reason(Throwable failure) {
    return failure instanceof IOException e
        ? FileTrouble.reason(e)
        : Printable.of(String.valueOf(failure.getMessage()).replaceFirst("^(/[^:]*: )+", ""));
  }
}
