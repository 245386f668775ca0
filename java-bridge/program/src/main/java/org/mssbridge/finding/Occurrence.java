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

  /** All frames where there are more than two; else null. */
  private final List<FrameRef> many;

  private final String message;
  private final Facts facts;
  private final long waitNanos;

  private Occurrence(
      int connection, List<FrameRef> frames, String message, Facts facts, long waitNanos) {
    FrameRef first = frames.isEmpty() ? null : frames.get(0);
    FrameRef second = frames.size() < 2 ? null : frames.get(1);
    this.connection = connection;
    point = first == null ? null : first.point();
    frame = first == null ? 0 : first.frame();
    otherPoint = second == null ? null : second.point();
    otherFrame = second == null ? 0 : second.frame();
    many = frames.size() > 2 ? List.copyOf(frames) : null;
    this.message = message;
    this.facts = facts;
    this.waitNanos = waitNanos;
  }

  /** The same frames with other words. */
  private Occurrence(Occurrence frames, String message, Facts facts, long waitNanos) {
    connection = frames.connection;
    point = frames.point;
    frame = frames.frame;
    otherPoint = frames.otherPoint;
    otherFrame = frames.otherFrame;
    many = frames.many;
    this.message = message;
    this.facts = facts;
    this.waitNanos = waitNanos;
  }

  /** An occurrence on a connection, without frames. */
  public static Occurrence on(int connection) {
    return new Occurrence(connection, List.of(), "", Facts.NONE, 0);
  }

  /** An occurrence on no particular connection. */
  public static Occurrence anywhere() {
    return new Occurrence(NOWHERE, List.of(), "", Facts.NONE, 0);
  }

  /** The connection's number; empty for a finding about none or all. */
  public OptionalInt connection() {
    return connection == NOWHERE ? OptionalInt.empty() : OptionalInt.of(connection);
  }

  /** The frames that show it, from every point that does. */
  public List<FrameRef> frames() {
    if (many != null) {
      return many;
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
    return message;
  }

  /** Facts of this occurrence only. */
  public Facts facts() {
    return facts;
  }

  /** How long its connection waits because of it; 0 where that is unknown. */
  public long waitNanos() {
    return waitNanos;
  }

  /** Adds a frame that shows it. */
  public Occurrence at(CapturePoint addedPoint, int addedFrame) {
    List<FrameRef> more = new ArrayList<>(frames());
    more.add(new FrameRef(addedPoint, addedFrame));
    return new Occurrence(connection, more, message, facts, waitNanos);
  }

  /** Adds frames that show it. */
  public Occurrence at(CapturePoint addedPoint, List<Integer> added) {
    List<FrameRef> more = new ArrayList<>(frames());
    added.forEach(each -> more.add(new FrameRef(addedPoint, each)));
    return new Occurrence(connection, more, message, facts, waitNanos);
  }

  /** Replaces the message. */
  public Occurrence saying(String ownMessage) {
    return new Occurrence(this, ownMessage, facts, waitNanos);
  }

  /** Replaces the facts. */
  public Occurrence with(Facts own) {
    return new Occurrence(this, message, own, waitNanos);
  }

  /** Adds how long its connection waits because of it. */
  public Occurrence waiting(long nanos) {
    return new Occurrence(this, message, facts, nanos);
  }
}
