package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Unreachable;

/**
 * The ICMP "time exceeded" messages of one kind about one direction of a connection.
 *
 * @param connection the connection that they quote
 * @param direction the direction of the packets that they quote
 * @param why what they mean
 * @param last the point farthest along the direction that saw them: they arise beyond it
 * @param beyond the next point, where a quoted packet does not arrive; empty where unknown
 * @param messages the messages that this point saw, in order
 * @param remainingTtl the smallest TTL with which a quoted packet first passes this point, -1 where
 *     unknown
 * @param passes how often one quoted packet passes this point with falling TTL, at least 1
 * @param outcome what comes of the connection
 */
public record TimeExceeded(
    TracedConnection connection,
    Direction direction,
    Why why,
    CapturePoint last,
    Optional<CapturePoint> beyond,
    List<Unreachable> messages,
    int remainingTtl,
    int passes,
    Outcome outcome) {
  /** Traceroute stops here unless told otherwise, and no path of the Internet is as long. */
  private static final int LONGEST_PATH = 30;

  /** As many messages show what they are about; their packets are searched in the flow. */
  private static final int MOST_EXAMINED = 16;

  public TimeExceeded {
    messages = List.copyOf(messages);
  }

  /** What the messages mean. */
  public enum Why {
    /** Packets with a large TTL use it up: they circle. */
    LOOP,
    /** A device on the way to the point made the TTL small. */
    LOWERED,
    /** The sender of the packets chose a small TTL, as traceroute does. */
    PROBE,
    /** All packets between these hosts have one small TTL: it is a setting, no traceroute. */
    SHORT,
    /** A fragment does not arrive where the packet is reassembled. */
    REASSEMBLY
  }

  /** What comes of a connection. */
  public enum Outcome {
    GOES_ON,
    /** Nothing ever came back. */
    UNANSWERED,
    /** Nothing comes back after the last message. */
    ENDS
  }

  /** The messages about a direction of a connection; nothing for nearly all. */
  public static List<TimeExceeded> of(
      Evidence evidence, TracedConnection traced, Direction direction) {
    CapturePoint last = null;
    List<CapturePoint> along = along(traced, direction);
    for (CapturePoint point : along) {
      if (traced.at().at(point).orElseThrow().flow(direction).hasTimeExceeded()) {
        last = point;
      }
    }
    if (last == null) {
      return List.of();
    }
    Map<Unreachable.Meaning, List<Unreachable>> byMeaning =
        new EnumMap<>(Unreachable.Meaning.class);
    for (Unreachable error : traced.at().at(last).orElseThrow().flow(direction).unreachables()) {
      if (error.meaning() == Unreachable.Meaning.TRANSIT
          || error.meaning() == Unreachable.Meaning.REASSEMBLY) {
        byMeaning.computeIfAbsent(error.meaning(), key -> new ArrayList<>()).add(error);
      }
    }
    List<TimeExceeded> all = new ArrayList<>();
    for (List<Unreachable> messages : byMeaning.values()) {
      all.add(of(evidence, traced, direction, along.get(0), last, messages));
    }
    return all;
  }

  private static TimeExceeded of(
      Evidence evidence,
      TracedConnection traced,
      Direction direction,
      CapturePoint first,
      CapturePoint last,
      List<Unreachable> messages) {
    Connection seen = traced.at().at(last).orElseThrow();
    Flow flow = seen.flow(direction);
    int remaining = -1;
    int passes = 1;
    int quotedRow = -1;
    for (Unreachable message : messages.subList(0, Math.min(MOST_EXAMINED, messages.size()))) {
      List<Integer> rows = quotedRows(flow, message);
      if (!rows.isEmpty()) {
        quotedRow = rows.get(0);
        int ttl = flow.table().ttl(quotedRow);
        remaining = remaining < 0 ? ttl : Math.min(remaining, ttl);
        passes = Math.max(passes, falling(flow.table(), rows));
      }
    }
    return new TimeExceeded(
        traced,
        direction,
        why(messages.get(0), remaining, passes, traced.at().at(first).orElseThrow(), direction),
        last,
        beyond(evidence, traced, direction, last, quotedRow),
        messages,
        remaining,
        passes,
        outcome(seen, direction, messages.get(messages.size() - 1)));
  }

  private static Why why(
      Unreachable message, int remaining, int passes, Connection first, Direction direction) {
    if (message.meaning() == Unreachable.Meaning.REASSEMBLY) {
      return Why.REASSEMBLY;
    }
    if (passes > 2 || remaining > LONGEST_PATH) {
      return Why.LOOP;
    }
    // A quoted packet that the capture does not hold says nothing: no loop is claimed.
    return remaining >= 0 && first.flow(direction).firstTtl() > LONGEST_PATH
        ? Why.LOWERED
        : Why.PROBE;
  }

  /** The points that saw the connection, in the order in which the direction passes them. */
  private static List<CapturePoint> along(TracedConnection traced, Direction direction) {
    List<CapturePoint> points = new ArrayList<>(traced.at().points());
    if (!Evidence.nearestSender(traced, direction).equals(points.get(0))) {
      Collections.reverse(points);
    }
    return points;
  }

  /** The rows of the packet that a message quotes: copies with the same number and IP ID. */
  private static List<Integer> quotedRows(Flow flow, Unreachable message) {
    SegmentTable table = flow.table();
    List<Integer> rows = new ArrayList<>(1);
    if (message.quotedSequence().isEmpty()) {
      return rows;
    }
    int sequence = message.quotedSequence().getAsInt();
    int found = -1;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.frame(row) < message.frame() && table.sequence(row) == sequence) {
        boolean same = found >= 0 && table.ipId(row) == table.ipId(found) && table.ipId(row) > 0;
        boolean quoted = table.ipId(row) == message.quotedIpId() || message.quotedIpId() < 0;
        if (!same && (quoted || rows.isEmpty())) {
          rows.clear();
        }
        if (same || quoted || rows.isEmpty()) {
          rows.add(row);
          found = row;
        }
      }
    }
    return rows;
  }

  /** How many of these rows, from the first on, have an ever smaller TTL. */
  private static int falling(SegmentTable table, List<Integer> rows) {
    int falling = 1;
    for (int i = 1; i < rows.size(); i++) {
      if (table.ttl(rows.get(i)) >= table.ttl(rows.get(i - 1))) {
        break;
      }
      falling++;
    }
    return falling;
  }

  private static Optional<CapturePoint> beyond(
      Evidence evidence, TracedConnection traced, Direction direction, CapturePoint last, int row) {
    for (PairedConnection pair : traced.pairs()) {
      if (pair.nearPoint(direction).equals(last)) {
        Alignment.Sightings near = pair.alignment(direction).near();
        for (int i = 0; i < near.size(); i++) {
          if (near.row()[i] == row && near.peers()[i] == 0) {
            return Optional.of(pair.farPoint(direction));
          }
        }
        return Optional.empty();
      }
    }
    if (direction == Direction.S2C) {
      return Optional.empty();
    }
    List<CapturePoint> path =
        evidence.comparison().path().stream().map(PointCapture::point).toList();
    return evidence.expectedPoints().missing(traced).stream()
        .filter(point -> path.indexOf(point) > path.indexOf(last))
        .findFirst();
  }

  private static Outcome outcome(Connection seen, Direction direction, Unreachable lastMessage) {
    Flow back = seen.flow(direction.reverse());
    if (back.lastRow() < 0) {
      return Outcome.UNANSWERED;
    }
    return back.table().frame(back.lastRow()) > lastMessage.frame()
        ? Outcome.GOES_ON
        : Outcome.ENDS;
  }

  /** The addresses that send the messages, sorted. */
  public List<String> senders() {
    return messages.stream().map(Unreachable::sender).distinct().sorted().toList();
  }

  /** The same, of packets that all have one small TTL. */
  public TimeExceeded asShort() {
    return new TimeExceeded(
        connection, direction, Why.SHORT, last, beyond, messages, remainingTtl, passes, outcome);
  }

  /** Such as {@code 3 times ICMP time exceeded in transit}. */
  public String text() {
    return (messages.size() > 1 ? messages.size() + " times " : "") + messages.get(0).text();
  }

  /** The TTL of the first message of a sender at the last point, -1 where it is unknown. */
  public int messageTtl(String sender) {
    return messages.stream()
        .filter(message -> message.sender().equals(sender))
        .mapToInt(Unreachable::ttl)
        .findFirst()
        .orElse(-1);
  }

  /** The frames of the messages at a point. */
  public List<Integer> messageFrames(CapturePoint point) {
    return at(point).unreachables().stream()
        .filter(error -> error.meaning() == messages.get(0).meaning())
        .map(Unreachable::frame)
        .toList();
  }

  /** The frame of the first quoted packet at a point that saw the message, if it is there. */
  public List<Integer> quotedFrames(CapturePoint point) {
    return firstQuoted(point).map(row -> List.of(at(point).table().frame(row))).orElse(List.of());
  }

  /** The TTL of the first quoted packet at a point, -1 where it is unknown. */
  public int quotedTtl(CapturePoint point) {
    return firstQuoted(point).map(at(point).table()::ttl).orElse(-1);
  }

  /**
   * The packets that a passage loses because their TTL is used up.
   *
   * @param frames those that a message quotes, at the near point
   * @param sinceNanos from when on, by the near clock, no packet arrives any more; the largest
   *     number where some do
   */
  public record Lost(Set<Integer> frames, long sinceNanos) {
    /** Whether a packet that is lost is one of them. */
    public boolean includes(int frame, long nanos) {
      return frames.contains(frame) || nanos >= sinceNanos;
    }
  }

  /** What a passage loses because its TTL is used up. */
  public static Lost lost(Evidence evidence, Passage passage) {
    Set<Integer> frames = new HashSet<>();
    long sinceNanos = Long.MAX_VALUE;
    CapturePoint near = passage.nearPoint();
    if (passage.near().hasTimeExceeded()) {
      TracedConnection traced =
          evidence.comparison().byStream(near, passage.pair().at(near).stream()).orElseThrow();
      for (TimeExceeded exceeded : of(evidence, traced, passage.direction())) {
        boolean inTransit = exceeded.why() == Why.LOOP || exceeded.why() == Why.LOWERED;
        if (inTransit && exceeded.last().equals(near)) {
          SegmentTable table = passage.near().table();
          for (Unreachable message : exceeded.examined()) {
            for (int row : quotedRows(passage.near(), message)) {
              frames.add(table.frame(row));
              if (exceeded.outcome() != Outcome.GOES_ON) {
                sinceNanos = Math.min(sinceNanos, table.timeNanos(row));
              }
            }
          }
        }
      }
    }
    return new Lost(frames, sinceNanos);
  }

  private List<Unreachable> examined() {
    return messages.subList(0, Math.min(MOST_EXAMINED, messages.size()));
  }

  private Optional<Integer> firstQuoted(CapturePoint point) {
    return at(point).unreachables().stream()
        .filter(error -> error.meaning() == messages.get(0).meaning())
        .limit(MOST_EXAMINED)
        .flatMap(error -> quotedRows(at(point), error).stream())
        .findFirst();
  }

  private Flow at(CapturePoint point) {
    return connection.at().at(point).orElseThrow().flow(direction);
  }

  /** Whether the captures show that fragments of this direction are lost. */
  public boolean areFragmentsLost(Evidence evidence) {
    return connection.pairs().stream()
        .flatMap(pair -> evidence.fragmentation(pair, direction).packets().stream())
        .anyMatch(Fragmentation.Packet::isLost);
  }
}
