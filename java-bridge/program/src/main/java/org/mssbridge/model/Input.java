package org.mssbridge.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A capture to be read, with the user's files that it consists of.
 *
 * @param point where it was taken
 * @param path the file for tshark: the user's own, or one that was joined from several
 * @param pieces the user's own files in time order; never written to
 * @param complete false where a piece of several is known to end inside a packet
 */
public record Input(CapturePoint point, Path path, List<CapturePiece> pieces, boolean complete) {
  public Input {
    pieces = List.copyOf(pieces);
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException("no file at " + point);
    }
  }

  /** A capture in one file. */
  public static Input of(CapturePoint point, FileState file) {
    CapturePiece whole = new CapturePiece(file, OptionalInt.of(1));
    return new Input(point, file.path(), List.of(whole), true);
  }

  /** The same input with the digests of its pieces, in their order. */
  public Input withSha256(List<String> digests) {
    List<CapturePiece> read = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      read.add(pieces.get(i).withSha256(digests.get(i)));
    }
    return new Input(point, path, read, complete);
  }

  /** Whether it was joined from several files; the joined file is deleted after the run. */
  public boolean isJoined() {
    return pieces.size() > 1;
  }

  public List<FileState> files() {
    return pieces.stream().map(CapturePiece::file).toList();
  }

  /** The total length of the user's own files. */
  public long bytes() {
    return pieces.stream().mapToLong(piece -> piece.file().bytes()).sum();
  }

  /** The digest of the file that was read; empty where it was joined from several. */
  public Optional<String> sha256() {
    return isJoined() ? Optional.empty() : pieces.get(0).file().sha256();
  }

  /** The name of the file that is read, without its folder. */
  public String name() {
    return String.valueOf(path.getFileName());
  }
}
