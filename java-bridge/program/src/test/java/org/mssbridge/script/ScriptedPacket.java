package org.mssbridge.script;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.mssbridge.model.Direction;

/** One packet line: the segment as it was sent, and what happens to it on the path. */
final class ScriptedPacket {
  final int line;
  final long sentNanos;
  final ScriptConnection connection;

  /** The segment as it passes the first point. */
  ScriptSegment segment;

  String label;
  long lateNanos;

  /**
   * Payload bytes of each packet on the wire if the adapter cuts or joins segments, otherwise 0.
   */
  int tsoBytes;

  int groBytes;
  boolean lost;

  /** Numbers of the lost pieces, from 1; empty for all. */
  final List<Integer> lostPieces = new ArrayList<>();

  /** Numbers of the lost fragments, from 1. */
  final List<Integer> lostFragments = new ArrayList<>();

  /** Bytes of the next fragment that each fragment holds as well. */
  int overlapBytes;

  ScriptPoint lostBefore;
  ScriptPoint onlyAt;
  final Set<ScriptPoint> missedAt = new HashSet<>();
  final Map<ScriptPoint, AtPoint> atPoints = new LinkedHashMap<>();

  /** Changes at one point; those of packet fields also apply after it. */
  static final class AtPoint {
    final List<UnaryOperator<ScriptSegment>> edits = new ArrayList<>();
    final List<byte[]> comments = new ArrayList<>();
    Long trueNanos;
    boolean twice;
  }

  private ScriptedPacket(
      int line, long sentNanos, ScriptConnection connection, ScriptSegment segment) {
    this.line = line;
    this.sentNanos = sentNanos;
    this.connection = connection;
    this.segment = segment;
  }

  /** {@code c2s FLAGS RANGE [ack N] [WORD…]}, after its time and its connection. */
  static ScriptedPacket take(
      ScriptWords words,
      long sentNanos,
      ScriptConnection connection,
      List<ScriptPoint> points,
      long timeShiftNanos) {
    Direction direction = ScriptChange.takeDirection(words);
    boolean isTcp = connection.protocol == SegmentEncoder.PROTOCOL_TCP;
    int flags = isTcp ? ScriptSegment.takeFlags(words) : 0;
    ScriptRange range =
        isTcp ? ScriptRange.take(words) : takeNext(words, connection.next(direction));
    long ack = words.accept("ack") ? words.takeLong("an acknowledgement number") : 0;
    boolean syn = (flags & ScriptSegment.SYN) != 0;
    ScriptRange data = new ScriptRange(range.start() + (syn ? 1 : 0), range.end() + (syn ? 1 : 0));
    ScriptSegment.IpFields ip =
        new ScriptSegment.IpFields(connection.ttl(direction), 0, true, 0, 0, 0);
    ScriptSegment sent =
        new ScriptSegment(
            direction,
            flags,
            range.start(),
            ack,
            connection.windowField(direction),
            List.of(),
            connection.content(direction, connection.payload(direction, data)),
            ip,
            0,
            0,
            ScriptSegment.Sum.RIGHT);
    connection.sent(direction, data.end() + ((flags & ScriptSegment.FIN) != 0 ? 1 : 0));
    ScriptedPacket packet = new ScriptedPacket(words.line, sentNanos, connection, sent);
    ScriptPoint at = null;
    while (!words.atEnd()) {
      if (words.accept("at")) {
        at = ScriptChange.takePoint(words, points);
      } else if (!packet.takeEvent(words, points)) {
        packet.takeField(words, at, timeShiftNanos);
      }
    }
    packet.number();
    return packet;
  }

  /** {@code N bytes}: what follows the content sent before. */
  private static ScriptRange takeNext(ScriptWords words, long next) {
    int count = words.takeInt("a number of bytes");
    words.expect("bytes");
    return new ScriptRange(next, next + count);
  }

  private void number() {
    int size = wireBytes();
    int count = size == 0 ? 1 : Math.max(1, segment.pieces(size).size());
    int first = connection.takeIds(segment.direction(), count);
    if (segment.ip().id() == 0) {
      segment = segment.withIp(segment.ip().withId(first));
    }
  }

  int wireBytes() {
    return Math.max(tsoBytes, groBytes);
  }

  private boolean takeEvent(ScriptWords words, List<ScriptPoint> points) {
    switch (words.peek()) {
      case "lost", "nowhere" -> takeLoss(words, points);
      case "only" -> {
        words.take("only");
        words.expect("at");
        onlyAt = ScriptChange.takePoint(words, points);
      }
      case "missed" -> {
        words.take("missed");
        words.expect("at");
        missedAt.add(ScriptChange.takePoint(words, points));
      }
      case "late" -> {
        words.take("late");
        lateNanos = words.takeDurationNanos();
      }
      case "tso" -> {
        words.take("tso");
        tsoBytes = words.takeInt("bytes of data a packet");
      }
      case "gro" -> {
        words.take("gro");
        groBytes = words.takeInt("bytes of data a packet");
      }
      case "overlap" -> {
        words.take("overlap");
        overlapBytes = words.takeInt("bytes, a multiple of 8");
      }
      case "as" -> {
        words.take("as");
        label = words.take("a label");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void takeLoss(ScriptWords words, List<ScriptPoint> points) {
    boolean nowhere = words.take("lost").equals("nowhere");
    if (words.accept("fragment")) {
      while (words.nextIsNumber()) {
        lostFragments.add(words.takeInt("a fragment's number"));
      }
      return;
    }
    lost = true;
    List<ScriptPoint> path = connection.pathOf(segment.direction());
    lostBefore = nowhere ? path.get(0) : path.size() > 1 ? path.get(1) : null;
    while (words.nextIsNumber()) {
      lostPieces.add(words.takeInt("a piece's number"));
    }
    if (words.accept("before")) {
      lostBefore = ScriptChange.takePoint(words, points);
    }
  }

  private void takeField(ScriptWords words, ScriptPoint at, long timeShiftNanos) {
    AtPoint place = at == null ? null : atPoints.computeIfAbsent(at, p -> new AtPoint());
    switch (words.peek()) {
      case "time" -> {
        words.take("time");
        requirePoint(words, place).trueNanos = words.takeTimeNanos() + timeShiftNanos;
      }
      case "twice" -> {
        words.take("twice");
        requirePoint(words, place).twice = true;
      }
      case "comment" -> {
        words.take("comment");
        requirePoint(words, place).comments.add(words.takeBytes("a comment"));
      }
      default -> {
        UnaryOperator<ScriptSegment> edit = FieldEdits.take(words);
        if (place == null) {
          segment = edit.apply(segment);
        } else {
          place.edits.add(edit);
        }
      }
    }
  }

  private static AtPoint requirePoint(ScriptWords words, AtPoint place) {
    if (place == null) {
      throw words.error("this belongs to one point: write 'at POINT' before it");
    }
    return place;
  }

  /** Whether a piece on the wire, counted from 0, is lost before it reaches a point. */
  boolean loses(int piece, ScriptPoint point) {
    boolean affected = lost && (lostPieces.isEmpty() || lostPieces.contains(piece + 1));
    if (!affected || lostBefore == null) {
      return false;
    }
    List<ScriptPoint> path = connection.pathOf(segment.direction());
    return path.indexOf(point) >= path.indexOf(lostBefore);
  }
}
