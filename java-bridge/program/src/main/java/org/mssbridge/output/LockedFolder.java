package org.mssbridge.output;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;

/**
 * A folder for scratch files that one program at a time works in, since it holds a lock. What a
 * program left that was killed, the next one removes.
 */
public final class LockedFolder implements AutoCloseable {
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lockChannel;
  private final AtomicInteger numbers = new AtomicInteger();

  private LockedFolder(Path folder, FileChannel lockChannel) {
    this.folder = folder;
    this.lockChannel = lockChannel;
  }

  /**
   * Makes the folder where it does not exist, and takes its lock.
   *
   * @return empty where another program has the lock
   * @throws OutputException if the folder holds files and no lock: they may be a user's
   * @throws IOException if it cannot be made or written to
   */
  public static Optional<LockedFolder> open(Path folder) throws IOException {
    Files.createDirectories(folder);
    refuseOthers(folder);
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!lock(channel)) {
      channel.close();
      return Optional.empty();
    }
    LockedFolder locked = new LockedFolder(folder, channel);
    locked.removeContent();
    return Optional.of(locked);
  }

  /** What is in the folder is removed: it must be a program's own, which holds a lock. */
  private static void refuseOthers(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      if (!Files.exists(folder.resolve(LOCK)) && files.findAny().isPresent()) {
        throw new OutputException(
            Printable.of(folder) + ": is to be used for the work and holds other files; move it");
      }
    }
  }

  /** The lock ends with the channel, or with the program. */
  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  public Path path() {
    return folder;
  }

  /** Makes a folder in it. */
  public Path newFolder() throws IOException {
    return Files.createDirectory(folder.resolve(String.valueOf(numbers.incrementAndGet())));
  }

  /** Removes such a folder. */
  public static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void removeContent() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> !f.endsWith(LOCK)).toList()) {
        remove(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    remove(folder);
    lockChannel.close();
  }
}
