package org.mssbridge.model;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where the system finds programs. */
public final class SearchPath {
  private static final boolean IS_WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

  private SearchPath() {}

  /**
   * The program that is started by a name.
   *
   * @param program a path, or a name to look up in {@code PATH}
   * @return empty if nothing can be started by it
   */
  public static Optional<Path> find(String program) {
    try {
      if (program.contains(File.separator)) {
        return Optional.of(Path.of(program)).filter(Files::isExecutable);
      }
      String file = IS_WINDOWS ? program + ".exe" : program;
      return Pattern.compile(File.pathSeparator)
          .splitAsStream(System.getenv().getOrDefault("PATH", ""))
          .filter(folder -> !folder.isEmpty())
          .map(folder -> Path.of(folder, file))
          .filter(found -> Files.isRegularFile(found) && Files.isExecutable(found))
          .findFirst();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
