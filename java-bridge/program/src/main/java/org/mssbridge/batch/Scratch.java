package org.mssbridge.batch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;

/**
 * A folder beside the case for joined captures. It holds a lock, so that one batch only works on a
 * case; what a batch left that was killed, the next one removes.
 */
final class Scratch implements AutoCloseable {
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lockChannel;
  private final AtomicInteger numbers = new AtomicInteger();

  private Scratch(Path folder, FileChannel lockChannel) {
    this.folder = folder;
    this.lockChannel = lockChannel;
  }

  static Scratch beside(Path caseFile) throws BatchException {
    Path folder = caseFile.resolveSibling(caseFile.getFileName() + ".scratch");
    try {
      Files.createDirectories(folder);
      refuseOthers(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        channel.close();
        throw new BatchException(
            Printable.of(caseFile)
                + ": another batch works on this case; wait for it, or name another with --case");
      }
      Scratch scratch = new Scratch(folder, channel);
      scratch.removeContent();
      return scratch;
    } catch (IOException e) {
      throw new BatchException(
          Printable.of(folder) + ": cannot be made; name a case in a folder that can be written to",
          e);
    }
  }

  /** What is in the folder is removed: it must be a batch's own, which holds a lock. */
  private static void refuseOthers(Path folder) throws IOException, BatchException {
    try (Stream<Path> files = Files.list(folder)) {
      if (!Files.exists(folder.resolve(LOCK)) && files.findAny().isPresent()) {
        throw new BatchException(
            Printable.of(folder) + ": is to be used for the work and holds other files; move it");
      }
    }
  }

  /** The lock ends with the channel, or with the program. */
  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  Path folder() {
    return folder;
  }

  /** A new folder, for one pair. */
  Path newFolder() throws IOException {
    return Files.createDirectory(folder.resolve(String.valueOf(numbers.incrementAndGet())));
  }

  /** Removes such a folder. */
  static void remove(Path folder) throws IOException {
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
