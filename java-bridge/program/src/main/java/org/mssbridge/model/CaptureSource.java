package org.mssbridge.model;

import java.nio.file.Path;
import java.util.List;

/**
 * What was captured at one point: the files that a user named.
 *
 * @param point where
 * @param files one or more, as they were found; several are one capture that was cut into files
 *     while it was taken
 */
public record CaptureSource(CapturePoint point, List<FileState> files) {
  public CaptureSource {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no file at " + point);
    }
  }

  /** Files as they are now. */
  public static CaptureSource of(CapturePoint point, List<Path> files) {
    return new CaptureSource(point, files.stream().map(FileState::of).toList());
  }

  /** The same files as they are now. */
  public CaptureSource now() {
    return of(point, paths());
  }

  public List<Path> paths() {
    return files.stream().map(FileState::path).toList();
  }

  public boolean isRotated() {
    return files.size() > 1;
  }

  /** The length of all files. */
  public long bytes() {
    return files.stream().mapToLong(file -> Math.max(0, file.bytes())).sum();
  }
}
