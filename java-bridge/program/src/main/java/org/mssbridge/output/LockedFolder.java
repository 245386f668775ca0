package org.mssbridge.output;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;

/**
 * A folder for scratch files with a lock, so that only one program at a time works in it. The next
 * program removes whatever a killed program left in it.
 */
public final class LockedFolder implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final Pattern OWN_FOLDER = Pattern.compile("[1-9][0-9]*");

  private final Path folder;
  private final FileChannel lockChannel;
  private final AtomicInteger numbers = new AtomicInteger();

  private LockedFolder(Path folder, FileChannel lockChannel) {
    this.folder = folder;
    this.lockChannel = lockChannel;
  }

  /**
   * Creates the folder if it does not exist, and takes its lock.
   *
   * @return empty if another program holds the lock
   * @throws OutputException if the folder contains files that no such program left: they may belong
   *     to a user
   * @throws IOException if it cannot be created or written to
   */
  public static Optional<LockedFolder> open(Path folder) throws IOException {
    Files.createDirectories(folder);
    requireOwnFolder(folder);
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

  /** Rejects a folder with other files, because everything in the folder will be removed. */
  private static void requireOwnFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      boolean isLocked = Files.exists(folder.resolve(LOCK));
      if (!files.allMatch(file -> isOwn(file, isLocked))) {
        throw new OutputException(
            Printable.of(folder) + ": is to be used for the work and holds other files; move it");
      }
    }
  }

  private static boolean isOwn(Path file, boolean isLocked) {
    return file.endsWith(LOCK)
        ? Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && file.toFile().length() == 0
        : isLocked && OWN_FOLDER.matcher(file.getFileName().toString()).matches();
  }

  /** Takes the lock, which is released when the channel is closed or the program ends. */
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

  /** Creates a folder in it. */
  public Path newFolder() throws IOException {
    return Files.createDirectory(folder.resolve(String.valueOf(numbers.incrementAndGet())));
  }

  /** Removes a folder with everything in it, if it exists. */
  public static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
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
