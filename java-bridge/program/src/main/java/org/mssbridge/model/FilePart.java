package org.mssbridge.model;

import java.nio.file.Path;
import java.util.List;

/**
 * The packets of one point in a file that holds the same packets at several.
 *
 * @param file the user's own file
 * @param toldBy by what its points were told apart, in words
 * @param number which of its points this is, from 0, in path order
 * @param points how many there are
 * @param numbers the numbers of the point's frames in the file
 * @param fileFrames how many frames the file has
 * @param otherFrames how many of them belong to no point
 * @param leftOut the places whose packets belong to no point
 * @param encrypted the encrypted tunnels whose packets belong to no point, those with most packets
 *     first
 * @param firstNanos the time of the file's earliest packet, nanoseconds since 1970
 * @param lastNanos that of its latest
 * @param isOneClock whether all its packets surely have the times of one clock; a file that may
 *     have been merged from the captures of two hosts has not
 * @param isOneCapture whether one host captured all its packets on all its interfaces at once, so
 *     that all points were captured at the same time
 */
public record FilePart(
    Path file,
    String toldBy,
    int number,
    int points,
    FrameNumbers numbers,
    int fileFrames,
    int otherFrames,
    List<String> leftOut,
    List<PlacedTunnel> encrypted,
    long firstNanos,
    long lastNanos,
    boolean isOneClock,
    boolean isOneCapture) {
  public FilePart {
    leftOut = List.copyOf(leftOut);
    encrypted = List.copyOf(encrypted);
  }

  /** Whether another part is of the same file. */
  public boolean isOfSameFile(FilePart other) {
    return file.equals(other.file);
  }

  /** The name of the file, without its folder. */
  public String fileName() {
    return String.valueOf(file.getFileName());
  }
}
