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
  private final Thread atShutdown = new Thread(this::remove, "remove leftovers");
  private Path path;
  private boolean removed;

  private Leftover() {
    try {
      Runtime.getRuntime().addShutdownHook(atShutdown);
    } catch (IllegalStateException e) {
      removed = true; // The program is stopping already: nothing may be made any more.
    }
  }

  /** Makes a file or folder, and says where. */
  public interface Maker {
    Path make() throws IOException;
  }

  /**
   * Has something made that is watched over from the first moment on.
   *
   * @throws IOException if it cannot be made, also because the program is stopping
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

  /** Whoever removes it waits until it is made, so that nothing comes to be behind their back. */
  private synchronized void make(Maker maker) throws IOException {
    if (removed) {
      throw new IOException("the program is stopping");
    }
    path = maker.make();
  }

  /** Where it is. */
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
