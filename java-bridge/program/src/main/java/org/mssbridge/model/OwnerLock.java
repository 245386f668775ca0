package org.mssbridge.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A locked file that shows other runs that its owner is alive. The system takes the lock away when
 * the owner ends, in whatever way, and shows it to all programs that see the file, so also between
 * containers that share a folder, where process numbers mean nothing.
 */
final class OwnerLock implements AutoCloseable {
  private final FileChannel channel;

  private OwnerLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Creates the file, which is locked from the moment it has its name. Where the file system has no
   * locks, the file is not made.
   */
  static OwnerLock hold(Path file) throws IOException {
    Path unlocked = file.resolveSibling(file.getFileName() + ".new");
    FileChannel channel =
        FileChannel.open(unlocked, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      if (isLocked(channel)) {
        Files.move(unlocked, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      Files.deleteIfExists(unlocked);
    }
    return new OwnerLock(channel);
  }

  private static boolean isLocked(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return false; // Not on this file system.
    }
  }

  /**
   * Does something if the owner of a file is gone, and keeps others from doing the same meanwhile.
   * Nothing happens if that is not sure. Never to be called for a file that this process has open:
   * closing it once more would release the lock.
   */
  static void ifGone(Path file, Runnable action) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        action.run();
      }
    } catch (IOException | OverlappingFileLockException e) {
      // It is not there, not ours, or cannot be locked.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
