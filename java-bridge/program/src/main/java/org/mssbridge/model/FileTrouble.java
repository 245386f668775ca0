package org.mssbridge.model;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/**
 * Explains in a few words why a file could not be used; the messages of {@code java.nio}'s
 * exceptions are mostly just the file's name.
 */
public final class FileTrouble {
  private FileTrouble() {}

  /** The reason, such as {@code permission denied}; safe to print. */
  public static String reason(Exception cause) {
    if (cause instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof ClosedByInterruptException) {
      return "interrupted";
    }
    if (cause instanceof FileSystemException e && e.getReason() != null) {
      return Printable.of(e.getReason());
    }
    return Printable.of(Objects.toString(cause.getMessage(), cause.getClass().getSimpleName()));
  }
}
