package org.mssbridge.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A temporary file or folder: {@link #close} removes it with its contents, and so does the end of
 * the program when it is interrupted. Of a program that was killed, {@link #clear} removes the
 * folders in a later run.
 */
public final class Leftover implements AutoCloseable {
  private final Thread atShutdown = new Thread(this::remove, "remove leftovers");
  private Optional<OwnerLock> lock = Optional.empty();
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

  /**
   * Creates a folder in the folder for temporary files.
   *
   * @throws IOException if it cannot be created; the message is one line for the user
   */
  public static Leftover temporary() throws IOException {
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    clear(parent);
    try {
      return folder(parent, false);
    } catch (IOException e) {
      throw new IOException(
          Printable.of(parent)
              + ": no temporary folder can be made there: "
              + FileTrouble.reason(e)
              + "; free some space, or name another place with TMPDIR",
          e);
    }
  }

  /**
   * Creates a folder that {@link #clear} removes if this program is killed.
   *
   * @param hidden whether it is where people look
   */
  public static Leftover folder(Path parent, boolean hidden) throws IOException {
    String prefix = Abandoned.prefix(hidden);
    Leftover folder = of(() -> Files.createTempDirectory(parent, prefix));
    try {
      folder.hold();
      return folder;
    } catch (IOException e) {
      folder.close();
      throw e;
    }
  }

  /** Removes from a folder what killed runs left there. */
  public static void clear(Path parent) {
    Abandoned.clear(parent);
  }

  private synchronized void hold() throws IOException {
    lock = Optional.of(OwnerLock.hold(path.resolve(Abandoned.LOCK)));
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
    remove(path);
    try {
      if (lock.isPresent()) {
        lock.get().close();
      }
    } catch (IOException e) {
      // Its file is already deleted.
    }
  }

  /** Removes a file or a folder with its contents, the lock last: without it nobody would. */
  static void remove(Path path) {
    try (Stream<Path> files = Files.walk(path)) {
      Path lock = path.resolve(Abandoned.LOCK);
      files
          .filter(file -> !file.equals(lock) && !file.equals(path))
          .sorted(Comparator.reverseOrder())
          .forEach(file -> file.toFile().delete());
      lock.toFile().delete();
      path.toFile().delete();
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
