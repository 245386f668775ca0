package org.mssbridge.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FrameRef;

/**
 * One place where a finding applies.
 *
 * @param connection the connection's number; empty for a finding about none or all
 * @param frames the frames that show it, from every point that does
 * @param message the text for these frames; empty to use the finding's own message
 * @param facts facts of this occurrence only
 * @param waitNanos how long its connection waits because of it; 0 where that is unknown
 */
public record Occurrence(
    OptionalInt connection, List<FrameRef> frames, String message, Facts facts, long waitNanos) {
  public Occurrence {
    frames = List.copyOf(frames);
  }

  /** An occurrence on a connection, without frames. */
  public static Occurrence on(int connection) {
    return new Occurrence(OptionalInt.of(connection), List.of(), "", Facts.NONE, 0);
  }

  /** An occurrence on no particular connection. */
  public static Occurrence anywhere() {
    return new Occurrence(OptionalInt.empty(), List.of(), "", Facts.NONE, 0);
  }

  /** Adds a frame that shows it. */
  public Occurrence at(CapturePoint point, int frame) {
    FrameRef added = new FrameRef(point, frame);
    List<FrameRef> more =
        switch (frames.size()) {
          case 0 -> List.of(added);
          case 1 -> List.of(frames.get(0), added);
          default -> new ArrayList<>(frames);
        };
    if (frames.size() > 1) {
      more.add(added);
    }
    return new Occurrence(connection, more, message, facts, waitNanos);
  }

  /** Adds frames that show it. */
  public Occurrence at(CapturePoint point, List<Integer> added) {
    List<FrameRef> more = new ArrayList<>(frames);
    added.forEach(frame -> more.add(new FrameRef(point, frame)));
    return new Occurrence(connection, more, message, facts, waitNanos);
  }

  /** Replaces the message. */
  public Occurrence saying(String ownMessage) {
    return new Occurrence(connection, frames, ownMessage, facts, waitNanos);
  }

  /** Replaces the facts. */
  public Occurrence with(Facts own) {
    return new Occurrence(connection, frames, message, own, waitNanos);
  }

  /** Adds how long its connection waits because of it. */
  public Occurrence waiting(long nanos) {
    return new Occurrence(connection, frames, message, facts, nanos);
  }
}
