package org.mssbridge.alignment;

import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/**
 * A living connection whose NAT mapping changes: from some packet on, its sender has another
 * address or port at a point. For tshark that is a connection of its own; here it belongs to the
 * one that it continues.
 *
 * @param point where the sender changes
 * @param other the point on the other side of the NAT
 * @param stream the connection at the first point
 * @param direction the direction whose sender changes
 * @param before the sender at first
 * @param after the sender later
 * @param frames the packets with the new sender
 * @param sent the same packets at the other point
 * @param answers the packets that they provoke at the first point
 * @param resets how many of the answers are RSTs
 * @param silenceNanos how long the connection was silent at the point before the change
 */
public record Rebinding(
    CapturePoint point,
    CapturePoint other,
    int stream,
    Direction direction,
    Endpoint before,
    Endpoint after,
    List<Integer> frames,
    List<Integer> sent,
    List<Integer> answers,
    int resets,
    long silenceNanos) {
  public Rebinding {
    frames = List.copyOf(frames);
    sent = List.copyOf(sent);
    answers = List.copyOf(answers);
  }

  /** The captures with these packets in their connections, and what was found. */
  record Joined(List<PointCapture> captures, List<Rebinding> found) {}

  /** What identifies a segment on its way through a NAT. */
  private record Mark(int sequence, int acknowledgment, int payloadBytes, int flags, int tsval) {
    static Mark of(SegmentTable table, int row) {
      return new Mark(
          table.sequence(row),
          table.acknowledgment(row),
          table.payloadBytes(row),
          table.flags(row),
          table.timestamp(row));
    }
  }

  /** Finds such packets at each point and joins them to their connections. */
  static Joined join(List<PointCapture> captures) {
    List<Rebinding> found = new ArrayList<>();
    List<PointCapture> joined = new ArrayList<>();
    for (PointCapture capture : captures) {
      Map<Integer, Integer> into = new TreeMap<>();
      for (PointCapture other : captures) {
        if (!other.point().equals(capture.point())) {
          found.addAll(new Search(capture, other, into).all());
        }
      }
      joined.add(into.isEmpty() ? capture : capture.joining(into));
    }
    return new Joined(joined, found);
  }

  /** The search at one point, with one other point as the witness. */
  private static final class Search {
    /** By so many bits the numbers of what continues a connection may differ: by a window. */
    private static final int WINDOW_BITS = 20;

    /** So many connections are compared with a stray one, for floods that have one ISN. */
    private static final int MAX_COMPARED = 64;

    private final PointCapture capture;
    private final PointCapture other;

    /** How many may still be compared with the present one. */
    private int remaining;

    /** For each joined stream the one that it belongs to. */
    private final Map<Integer, Integer> into;

    private final Map<Place, List<Connection>> continuable = new HashMap<>();
    private final Map<Integer, List<Connection>> byIsn = new HashMap<>();

    /** Where a direction of a connection got to: its receiver, and the next number coarsely. */
    private record Place(Direction direction, Endpoint receiver, int window) {}

    Search(PointCapture capture, PointCapture other, Map<Integer, Integer> into) {
      this.capture = capture;
      this.other = other;
      this.into = into;
    }

    List<Rebinding> all() {
      List<Connection> strays = strays();
      if (strays.isEmpty()) {
        return List.of();
      }
      index(strays);
      List<Rebinding> found = new ArrayList<>();
      for (Connection stray : strays) {
        remaining = MAX_COMPARED;
        Rebinding rebinding = of(stray);
        rebinding = rebinding == null ? of(stray.withRolesSwapped()) : rebinding;
        if (rebinding != null) {
          found.add(rebinding);
          into.put(stray.stream(), rebinding.stream());
        }
      }
      return found;
    }

    /** The connections without a handshake whose ends the other point does not know. */
    private List<Connection> strays() {
      List<Connection> strays = new ArrayList<>();
      for (Connection connection : capture.connections()) {
        if (!connection.hasHandshake() && !into.containsKey(connection.stream())) {
          strays.add(connection);
        }
      }
      Map<Set<Endpoint>, List<Connection>> byEnds = new HashMap<>();
      strays.forEach(
          stray -> byEnds.computeIfAbsent(ends(stray), ends -> new ArrayList<>(1)).add(stray));
      if (!byEnds.isEmpty()) {
        other.connections().forEach(there -> byEnds.remove(ends(there)));
        strays.retainAll(byEnds.values().stream().flatMap(List::stream).collect(toSet()));
      }
      strays.sort(Comparator.comparingInt(Connection::firstFrame));
      return strays;
    }

    private static Set<Endpoint> ends(Connection connection) {
      return new HashSet<>(List.of(connection.client(), connection.server()));
    }

    private static int isn(Connection connection) {
      return connection.clientToServer().isn().getAsInt();
    }

    /** Indexes what the strays may continue: connections of the same server or client. */
    private void index(List<Connection> strays) {
      Set<Endpoint> receivers = new HashSet<>();
      strays.forEach(stray -> receivers.addAll(ends(stray)));
      Set<Integer> isns = new HashSet<>();
      for (Connection here : capture.connections()) {
        if (here.hasSyn()
            && (receivers.contains(here.client()) || receivers.contains(here.server()))) {
          index(here);
          isns.add(isn(here));
        }
      }
      for (Connection there : other.connections()) {
        if (there.hasSyn() && isns.contains(isn(there))) {
          byIsn.computeIfAbsent(isn(there), isn -> new ArrayList<>(1)).add(there);
        }
      }
    }

    private void index(Connection connection) {
      for (Direction direction : Direction.values()) {
        connection
            .flow(direction)
            .next()
            .ifPresent(
                next ->
                    continuable
                        .computeIfAbsent(
                            new Place(
                                direction,
                                connection.flow(direction.reverse()).sender(),
                                next >>> WINDOW_BITS),
                            place -> new ArrayList<>(1))
                        .add(connection));
      }
    }

    /** A stray connection as the continuation of another one, null where it is none. */
    private Rebinding of(Connection stray) {
      for (Direction direction : Direction.values()) {
        Flow moved = stray.flow(direction);
        if (moved.firstRow() < 0) {
          continue;
        }
        int window = moved.table().sequence(moved.firstRow()) >>> WINDOW_BITS;
        Endpoint receiver = stray.flow(direction.reverse()).sender();
        for (int near : new int[] {window, window - 1, window + 1}) {
          Place place = new Place(direction, receiver, near & (-1 >>> WINDOW_BITS));
          for (Connection here : continuable.getOrDefault(place, List.of())) {
            Rebinding rebinding = joining(stray, here, direction);
            if (rebinding != null) {
              return rebinding;
            }
          }
        }
      }
      return null;
    }

    private Rebinding joining(Connection stray, Connection here, Direction direction) {
      if (here.firstFrame() >= stray.firstFrame() || !continues(stray, here, direction)) {
        return null;
      }
      Flow moved = stray.flow(direction);
      for (Connection there : byIsn.getOrDefault(isn(here), List.of())) {
        if (remaining-- <= 0) {
          return null;
        }
        Map<Mark, Integer> passed = marks(there.flow(direction));
        List<Integer> sent = new ArrayList<>();
        boolean isSame = true;
        SegmentTable table = moved.table();
        for (int row = moved.firstRow(); row >= 0 && isSame; row = table.next(row)) {
          Mark mark = Mark.of(table, row);
          isSame = passed.containsKey(mark);
          sent.add(passed.getOrDefault(mark, 0));
        }
        if (isSame
            && Collections.disjoint(marks(moved).keySet(), marks(here.flow(direction)).keySet())) {
          return found(stray, here, direction, sent);
        }
      }
      return null;
    }

    /** Whether the first segment's acknowledgment fits, which is cheaper than all of them. */
    private static boolean continues(Connection stray, Connection here, Direction direction) {
      Flow moved = stray.flow(direction);
      OptionalInt received = here.flow(direction.reverse()).next();
      int acknowledged = moved.table().acknowledgment(moved.firstRow());
      return received.isPresent()
          && Math.abs(acknowledged - received.getAsInt()) < 1 << WINDOW_BITS;
    }

    private Rebinding found(
        Connection stray, Connection here, Direction direction, List<Integer> sent) {
      Flow back = stray.flow(direction.reverse());
      return new Rebinding(
          capture.point(),
          other.point(),
          here.stream(),
          direction,
          here.flow(direction).sender(),
          stray.flow(direction).sender(),
          stray.flow(direction).frames(),
          sent,
          back.frames(),
          back.resets(),
          silenceNanos(stray, here));
    }

    /** From the last segment before the change to the first one after it. */
    private static long silenceNanos(Connection stray, Connection here) {
      long change = stray.firstTimeNanos();
      long last = here.firstTimeNanos();
      SegmentTable table = here.clientToServer().table();
      for (Direction direction : Direction.values()) {
        for (int row = here.flow(direction).firstRow(); row >= 0; row = table.next(row)) {
          last = table.timeNanos(row) <= change ? Math.max(last, table.timeNanos(row)) : last;
        }
      }
      return Math.max(0, change - last);
    }
  }

  /** The frame of each segment of a flow. */
  private static Map<Mark, Integer> marks(Flow flow) {
    Map<Mark, Integer> marks = new HashMap<>();
    SegmentTable table = flow.table();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      marks.putIfAbsent(Mark.of(table, row), table.frame(row));
    }
    return marks;
  }
}
