package org.mssbridge.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A file or folder that must not stay: it is removed, with all that is in it, by {@link #close}, or
 * when the program is told to stop in the middle.
 */
public final class Leftover implements AutoCloseable {
  private final Path path;
  private final Thread atShutdown = new Thread(this::remove, "remove leftovers");

  /** Watches over a path, which need not exist yet. */
  public Leftover(Path path) {
    this.path = path;
    try {
      Runtime.getRuntime().addShutdownHook(atShutdown);
    } catch (IllegalStateException e) {
      // The program is stopping already: who made it removes it.
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  private void remove() {
    try (Stream<Path> files = Files.walk(path)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // It is gone, or is named so that its purpose shows.
    }
  }

  /** It may stay, or is gone already. */
  public void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(atShutdown);
    } catch (IllegalStateException e) {
      // The program is stopping, and the hook has run or will.
    }
  }

  @Override
  public void close() {
    remove();
    forget();
  }
}
