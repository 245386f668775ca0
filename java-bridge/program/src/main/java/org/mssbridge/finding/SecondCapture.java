package org.mssbridge.finding;

import java.util.Optional;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * A further capture that would settle what a finding leaves open.
 *
 * @param place where to take it, to follow "capture", such as {@code on the server}
 * @param near the direction whose sender it is near: its address is the one to filter for; empty
 *     where it is near neither
 * @param settles what it shows, to follow "it shows"
 * @param whole whether it needs whole packets, not only their headers
 * @param file the name of its file without the suffix, safe in a command
 * @param again whether it replaces a capture of a comparison
 */
public record SecondCapture(
    String place,
    Optional<Direction> near,
    String settles,
    boolean whole,
    String file,
    boolean again) {
  /** A capture on the sender of a direction. */
  public static SecondCapture near(Direction direction, String settles) {
    String end = direction == Direction.C2S ? "client" : "server";
    return new SecondCapture(
        "on the " + end, Optional.of(direction), settles, /* whole= */ false, end, false);
  }

  /** A capture at a point that has one, which shows too little. */
  public static SecondCapture again(CapturePoint point, Direction near, String settles) {
    boolean isPlain = point.name().chars().allMatch(SecondCapture::isPlain);
    return new SecondCapture(
        "again at " + point,
        Optional.of(near),
        settles,
        /* whole= */ false,
        isPlain ? point.name() : "again",
        /* again= */ true);
  }

  /** A point's name may be that of a file, which can have any character. */
  private static boolean isPlain(int character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || character == '_';
  }

  /** The same with whole packets. */
  public SecondCapture ofWholePackets() {
    return new SecondCapture(place, near, settles, /* whole= */ true, file, again);
  }
}
