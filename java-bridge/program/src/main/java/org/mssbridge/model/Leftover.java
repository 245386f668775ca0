package org.mssbridge.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A temporary file or folder: {@link #close} removes it with its contents, and so does the end of
 * the program when it is interrupted.
 */
public final class Leftover implements AutoCloseable {
  private final Thread atShutdown = new Thread(this::remove, "remove leftovers");
  private Path path;
  private boolean removed;

  private Leftover() {
    try {
      Runtime.getRuntime().addShutdownHook(atShutdown);
    } catch (IllegalStateException e) {
      removed = true; // The program is already stopping: nothing may be created now.
    }
  }

  /** Creates a file or folder and returns its path. */
  public interface Maker {
    Path make() throws IOException;
  }

  /**
   * Creates a file or folder that is removed even if the program is stopped while creating it.
   *
   * @throws IOException if it cannot be created, or if the program is stopping
   */
  public static Leftover of(Maker maker) throws IOException {
    Leftover leftover = new Leftover();
    try {
      leftover.make(maker);
      return leftover;
    } finally {
      if (leftover.path == null) {
        leftover.forget();
      }
    }
  }

  /** Synchronized, so that a removal at the same time waits until the file is created. */
  private synchronized void make(Maker maker) throws IOException {
    if (removed) {
      throw new IOException("the program is stopping");
    }
    path = maker.make();
  }

  /** Its path. */
  public synchronized Path path() {
    return path;
  }

  private synchronized void remove() {
    removed = true;
    if (path == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // It is already deleted, or its name shows that it is temporary.
    }
  }

  /** Stops tracking it: it may stay, or is already deleted. */
  public void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(atShutdown);
    } catch (IllegalStateException e) {
      // The program is stopping: the hook has run or will run.
    }
  }

  @Override
  public void close() {
    remove();
    forget();
  }
}
