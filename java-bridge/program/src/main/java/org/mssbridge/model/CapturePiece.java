package org.mssbridge.model;

import java.util.OptionalInt;

/**
 * A file that holds a capture, or a part of one.
 *
 * @param file the file
 * @param firstFrame the number of its first frame in the whole capture, or, where it holds none,
 *     the number that a frame would have; empty where the frames of several files alternate
 */
public record CapturePiece(FileState file, OptionalInt firstFrame) {
  CapturePiece withSha256(String digest) {
    return new CapturePiece(file.withSha256(digest), firstFrame);
  }
}
