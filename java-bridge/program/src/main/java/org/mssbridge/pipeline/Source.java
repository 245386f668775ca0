package org.mssbridge.pipeline;

import java.nio.file.Path;
import java.util.List;
import org.mssbridge.model.CapturePoint;

/**
 * What was captured at one point.
 *
 * @param point where
 * @param files one or more; several are one capture that was cut into files while it was taken
 */
public record Source(CapturePoint point, List<Path> files) {
  /** Keeps a copy of the list. */
  public Source {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no file at " + point);
    }
  }
}
