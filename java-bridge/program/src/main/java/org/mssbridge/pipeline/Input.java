package org.mssbridge.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.mssbridge.model.CapturePoint;

/**
 * A capture as tshark is given it.
 *
 * @param point where it was taken
 * @param path what is read
 * @param parts the files that it was joined from; empty where it is a file of the user's
 */
public record Input(CapturePoint point, Path path, List<Part> parts) {
  /**
   * A file of a capture that was cut into several.
   *
   * @param file the file
   * @param firstFrame the number that its first frame has in the whole capture, or would have where
   *     it holds none; empty where the frames of several files alternate
   * @param complete false where the file ends inside a packet
   */
  public record Part(Path file, OptionalInt firstFrame, boolean complete) {}

  /** Keeps a copy of the list. */
  public Input {
    parts = List.copyOf(parts);
  }

  /** A capture in one file. */
  public static Input of(CapturePoint point, Path file) {
    return new Input(point, file, List.of());
  }

  /** The user's own files, which are never written to. */
  public List<Path> files() {
    return parts.isEmpty() ? List.of(path) : parts.stream().map(Part::file).toList();
  }

  /** Whether no part of it is known to be cut short. */
  boolean isWhole() {
    return parts.stream().allMatch(Part::complete);
  }
}
