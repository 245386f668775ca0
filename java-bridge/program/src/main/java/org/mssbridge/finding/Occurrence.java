package org.mssbridge.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FrameRef;

/**
 * One place where a finding applies. There may be several for each of a million connections, so the
 * usual two frames are fields; lists and numbers of it are made when they are asked for.
 */
public final class Occurrence {
  private static final int NOWHERE = -1;

  private final int connection;
  private final CapturePoint point;
  private final CapturePoint otherPoint;
  private final int frame;
  private final int otherFrame;
  private final Wording wording;
  private final Rare rare;

  /**
   * What few occurrences have.
   *
   * @param frames all frames where there are more than two; else empty
   * @param waitNanos how long its connection waits because of it; 0 where that is unknown
   */
  record Rare(List<FrameRef> frames, long waitNanos) {
    static final Rare NONE = new Rare(List.of(), 0);
  }

  /** Words that are made already. */
  private record Words(String message, Facts facts) implements Wording {}

  /** The finding's own words. */
  static final Wording NO_WORDS = new Words("", Facts.NONE);

  Occurrence(
      int connection,
      CapturePoint point,
      int frame,
      CapturePoint otherPoint,
      int otherFrame,
      Wording wording,
      Rare rare) {
    this.connection = connection;
    this.point = point;
    this.frame = frame;
    this.otherPoint = otherPoint;
    this.otherFrame = otherFrame;
    this.wording = wording;
    this.rare = rare;
  }

  private Occurrence with(List<FrameRef> frames) {
    FrameRef first = frames.isEmpty() ? null : frames.get(0);
    FrameRef second = frames.size() < 2 ? null : frames.get(1);
    return new Occurrence(
        connection,
        first == null ? null : first.point(),
        first == null ? 0 : first.frame(),
        second == null ? null : second.point(),
        second == null ? 0 : second.frame(),
        wording,
        frames.size() <= 2 ? rare : new Rare(List.copyOf(frames), rare.waitNanos()));
  }

  /** An occurrence on a connection, without frames. */
  public static Occurrence on(int connection) {
    return new Occurrence(connection, null, 0, null, 0, NO_WORDS, Rare.NONE);
  }

  /** An occurrence on no particular connection. */
  public static Occurrence anywhere() {
    return new Occurrence(NOWHERE, null, 0, null, 0, NO_WORDS, Rare.NONE);
  }

  /** The connection's number; empty for a finding about none or all. */
  public OptionalInt connection() {
    return connection == NOWHERE ? OptionalInt.empty() : OptionalInt.of(connection);
  }

  /** The frames that show it, from every point that does. */
  public List<FrameRef> frames() {
    if (!rare.frames().isEmpty()) {
      return rare.frames();
    }
    if (point == null) {
      return List.of();
    }
    FrameRef first = new FrameRef(point, frame);
    return otherPoint == null
        ? List.of(first)
        : List.of(first, new FrameRef(otherPoint, otherFrame));
  }

  /** The text for these frames; empty to use the finding's own message. */
  public String message() {
    return wording.message();
  }

  /** Facts of this occurrence only. */
  public Facts facts() {
    return wording.facts();
  }

  /** How long its connection waits because of it; 0 where that is unknown. */
  public long waitNanos() {
    return rare.waitNanos();
  }

  /** Adds a frame that shows it. */
  public Occurrence at(CapturePoint addedPoint, int addedFrame) {
    if (point == null) {
      return new Occurrence(connection, addedPoint, addedFrame, null, 0, wording, rare);
    }
    if (otherPoint == null) {
      return new Occurrence(connection, point, frame, addedPoint, addedFrame, wording, rare);
    }
    return at(addedPoint, List.of(addedFrame));
  }

  /** Adds frames that show it. */
  public Occurrence at(CapturePoint addedPoint, List<Integer> added) {
    List<FrameRef> more = new ArrayList<>(frames());
    added.forEach(each -> more.add(new FrameRef(addedPoint, each)));
    return with(more);
  }

  /** Replaces the message. */
  public Occurrence saying(String ownMessage) {
    return saying(new Words(ownMessage, facts()));
  }

  /** Replaces message and facts. */
  public Occurrence saying(Wording other) {
    return new Occurrence(connection, point, frame, otherPoint, otherFrame, other, rare);
  }

  /** Replaces the facts. */
  public Occurrence with(Facts own) {
    return saying(new Words(message(), own));
  }

  /** Adds how long its connection waits because of it. */
  public Occurrence waiting(long nanos) {
    Rare waiting = new Rare(rare.frames(), nanos);
    return new Occurrence(connection, point, frame, otherPoint, otherFrame, wording, waiting);
  }

  int connectionNumber() {
    return connection;
  }

  /** The first point of its frames; null where it has none. */
  CapturePoint point() {
    return point;
  }

  int frame() {
    return frame;
  }

  /** The point of the second of its frames; null where it has only one. */
  CapturePoint otherPoint() {
    return otherPoint;
  }

  int otherFrame() {
    return otherFrame;
  }

  Wording wording() {
    return wording;
  }

  Rare rare() {
    return rare;
  }
}
