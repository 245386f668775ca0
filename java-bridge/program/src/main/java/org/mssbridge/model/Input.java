package org.mssbridge.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A capture to be read, with the user's files that it consists of.
 *
 * @param point where it was taken
 * @param path the file for tshark: the user's own, one that was joined from several, or one with
 *     the packets of this point out of a file that holds several points
 * @param pieces the user's own files in time order; never written to
 * @param complete false where a piece of several is known to end inside a packet
 * @param given the point that the user named; its file may hold several others
 * @param part what it is of a file that holds several points; empty if its file is one point
 */
public record Input(
    CapturePoint point,
    Path path,
    List<CapturePiece> pieces,
    boolean complete,
    CapturePoint given,
    Optional<FilePart> part) {
  public Input {
    pieces = List.copyOf(pieces);
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException("no file at " + point);
    }
  }

  /** A capture in one file. */
  public static Input of(CapturePoint point, FileState file) {
    CapturePiece whole = new CapturePiece(file, OptionalInt.of(1));
    return new Input(point, file.path(), List.of(whole), true, point, Optional.empty());
  }

  /** The same capture at a point of another name. */
  public Input at(CapturePoint other) {
    return new Input(other, path, pieces, complete, given, part);
  }

  /**
   * A point of this capture, which holds several.
   *
   * @param capture the file with its packets
   */
  public Input part(CapturePoint at, Path capture, FilePart share, boolean isComplete) {
    return new Input(at, capture, pieces, complete && isComplete, given, Optional.of(share));
  }

  /** The same input with the digests of its pieces, in their order. */
  public Input withSha256(List<String> digests) {
    List<CapturePiece> read = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      read.add(pieces.get(i).withSha256(digests.get(i)));
    }
    return new Input(point, path, read, complete, given, part);
  }

  /** Whether it was joined from several files; the joined file is deleted after the run. */
  public boolean isJoined() {
    return pieces.size() > 1;
  }

  /** Whether tshark reads a file of ours, which is deleted after the run. */
  public boolean isTemporary() {
    return isJoined() || part.isPresent();
  }

  /** The number that a frame has in the user's file, or in the file joined from several. */
  public int frameNumber(int read) {
    return part.isPresent() ? part.get().numbers().inFile(read) : read;
  }

  /** The capture as the user knows it: a part's whole file. */
  public Path original() {
    return part.map(FilePart::file).orElse(path);
  }

  /** Whether both are points of one file. */
  public boolean sharesFile(Input other) {
    return point.equals(other.point)
        || (part.isPresent()
            && other.part.isPresent()
            && part.get().isOfSameFile(other.part.get()));
  }

  /**
   * The captures as the user knows them, by point; of a file with several points, by the first of
   * them.
   */
  public static Map<CapturePoint, Path> files(List<Input> inputs) {
    Map<CapturePoint, Path> files = new LinkedHashMap<>();
    for (Input input : inputs) {
      if (input.part().isEmpty() || input.part().get().number() == 0) {
        files.put(input.point(), input.original());
      }
    }
    return files;
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

  /** The name of the capture as the user knows it, without its folder. */
  public String name() {
    return String.valueOf(original().getFileName());
  }
}
