package org.mssbridge.mcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;

/** The folders whose files may be read, and nothing else, wherever a symbolic link leads. */
final class AllowedFolders {
  private static final Set<String> CAPTURES =
      Set.of(".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz", ".cap.gz", ".db");

  private final List<Path> folders;

  /**
   * Makes it from folders that exist.
   *
   * @throws IOException if one cannot be resolved
   */
  AllowedFolders(List<Path> given) throws IOException {
    List<Path> real = new ArrayList<>();
    for (Path folder : given) {
      real.add(folder.toRealPath());
    }
    folders = List.copyOf(real);
  }

  /**
   * The real path of a file that may be read.
   *
   * @param name absolute, or relative to one of the folders
   * @throws Refusal if it is not below them, is no file, or is not there: which of these is not
   *     said
   */
  Path file(String name) throws Refusal {
    try {
      for (Path folder : folders) {
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file)) {
          Path real = file.toRealPath();
          if (folders.stream().anyMatch(real::startsWith)) {
            return real;
          }
        }
      }
    } catch (IOException | InvalidPathException e) {
      throw new Refusal(refusal(name));
    }
    throw new Refusal(refusal(name));
  }

  private static String refusal(String name) {
    return Printable.of(name)
        + ": is no file below the folders that are allowed; the tool 'files' lists them";
  }

  /** The files that may be captures or cases, sorted, at most so many. */
  List<Path> captures(int most) {
    List<Path> found = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        files
            .filter(AllowedFolders::isCapture)
            .filter(Files::isRegularFile)
            .sorted()
            .limit(most - (long) found.size())
            .forEach(found::add);
      } catch (IOException | UncheckedIOException e) {
        // What is below a folder that cannot be read is not offered.
      }
    }
    return found;
  }

  private static boolean isCapture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return CAPTURES.stream().anyMatch(name::endsWith);
  }
}
