package org.mssbridge.model;

import java.nio.file.Path;
import java.util.List;

/**
 * The capture files that a user named for one point.
 *
 * @param point where they were captured
 * @param files one or more, in the state in which they were found; several files are one capture
 *     that was split while it was taken
 */
public record CaptureSource(CapturePoint point, List<FileState> files) {
  public CaptureSource {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no file at " + point);
    }
  }

  /** A source with the files at these paths, in their current state. */
  public static CaptureSource of(CapturePoint point, List<Path> files) {
    return new CaptureSource(point, files.stream().map(FileState::of).toList());
  }

  /** The same source with the current state of its files. */
  public CaptureSource now() {
    return of(point, paths());
  }

  public List<Path> paths() {
    return files.stream().map(FileState::path).toList();
  }

  public boolean isRotated() {
    return files.size() > 1;
  }

  /** The total length of all files. */
  public long bytes() {
    return files.stream().mapToLong(file -> Math.max(0, file.bytes())).sum();
  }
}
