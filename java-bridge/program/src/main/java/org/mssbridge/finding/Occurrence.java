package org.mssbridge.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FrameRef;

/**
 * Where a finding stands.
 *
 * @param connection the connection's number; empty where it is about none or about all
 * @param frames the frames that show it, at every point that shows it
 * @param message what is to be said on these frames; empty where the finding's own message says it
 * @param facts what holds here and not for the finding as a whole
 */
public record Occurrence(
    OptionalInt connection, List<FrameRef> frames, String message, Facts facts) {
  /** Keeps a copy of the list. */
  public Occurrence {
    frames = List.copyOf(frames);
  }

  /** On a connection, yet without frames. */
  public static Occurrence on(int connection) {
    return new Occurrence(OptionalInt.of(connection), List.of(), "", Facts.NONE);
  }

  /** About no connection in particular. */
  public static Occurrence anywhere() {
    return new Occurrence(OptionalInt.empty(), List.of(), "", Facts.NONE);
  }

  /** Also shown by this frame. */
  public Occurrence at(CapturePoint point, int frame) {
    List<FrameRef> more = new ArrayList<>(frames);
    more.add(new FrameRef(point, frame));
    return new Occurrence(connection, more, message, facts);
  }

  /** With words of its own. */
  public Occurrence saying(String words) {
    return new Occurrence(connection, frames, words, facts);
  }

  /** With facts of its own. */
  public Occurrence with(Facts own) {
    return new Occurrence(connection, frames, message, own);
  }
}
