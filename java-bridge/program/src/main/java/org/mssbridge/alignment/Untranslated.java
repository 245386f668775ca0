package org.mssbridge.alignment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.TcpFlags;

/**
 * Packets of a translated connection that are at a point under the addresses of its other side: a
 * NAT let them pass as they were. For tshark they are a connection of their own; here they belong
 * to the one that they are part of.
 *
 * @param point where they are
 * @param other the point where these addresses belong
 * @param stream the connection at that point that they belong to
 * @param direction the direction in which the packets pass untranslated
 * @param expected the sender as it should be at that point
 * @param seen the sender as it is in these packets
 * @param frames the untranslated packets
 * @param ttls the TTLs of these, and of the translated packets of that direction
 * @param answers the packets that they provoke at that point, sent to the wrong address
 * @param resets how many of the answers are RSTs
 * @param reached the RSTs among the answers as they arrive at the other point, in the connection of
 *     these packets there
 * @param translated how many packets of that direction have the right address
 */
public record Untranslated(
    CapturePoint point,
    CapturePoint other,
    int stream,
    Direction direction,
    Endpoint expected,
    Endpoint seen,
    List<Integer> frames,
    Ttls ttls,
    List<Integer> answers,
    int resets,
    List<Integer> reached,
    int translated) {
  public Untranslated {
    frames = List.copyOf(frames);
    answers = List.copyOf(answers);
    reached = List.copyOf(reached);
  }

  /** TTLs of the first untranslated and of the last translated packet, -1 where unknown. */
  public record Ttls(int untranslated, int translated) {}

  /** The captures with these packets in their connections, and what was found. */
  record Joined(List<PointCapture> captures, List<Untranslated> found) {}

  /** Two endpoints in either order. */
  private record Ends(Endpoint low, Endpoint high) implements Comparable<Ends> {
    private static final Comparator<Ends> ORDER =
        Comparator.comparing(Ends::low).thenComparing(Ends::high);

    static Ends of(Connection connection) {
      Endpoint one = connection.client();
      Endpoint other = connection.server();
      return one.compareTo(other) <= 0 ? new Ends(one, other) : new Ends(other, one);
    }

    @Override
    public int compareTo(Ends ends) {
      return ORDER.compare(this, ends);
    }
  }

  /** Whether no other capture shows the other side of the NAT: the numbers alone tell of it. */
  public boolean isAlone() {
    return point.equals(other);
  }

  /** Finds such packets at each point and joins them to their connections. */
  static Joined join(List<PointCapture> captures) {
    if (captures.size() == 1) {
      return UntranslatedAlone.join(captures.get(0));
    }
    List<Untranslated> found = new ArrayList<>();
    List<PointCapture> joined = new ArrayList<>();
    for (PointCapture capture : captures) {
      Map<Integer, Integer> into = new TreeMap<>();
      Map<Ends, Connection> strays = strays(capture);
      for (PointCapture other : captures) {
        if (!strays.isEmpty() && !other.point().equals(capture.point())) {
          for (Untranslated one : at(capture, other, strays, into)) {
            found.add(one);
          }
        }
      }
      joined.add(into.isEmpty() ? capture : capture.joining(into));
    }
    return new Joined(joined, found);
  }

  /** The connections without a SYN of the client. */
  private static Map<Ends, Connection> strays(PointCapture capture) {
    Map<Ends, Connection> strays = new TreeMap<>();
    for (Connection connection : capture.connections()) {
      if (!connection.hasSyn()) {
        strays.put(Ends.of(connection), connection);
      }
    }
    return strays;
  }

  private static List<Untranslated> at(
      PointCapture capture,
      PointCapture other,
      Map<Ends, Connection> strays,
      Map<Integer, Integer> into) {
    List<Untranslated> found = new ArrayList<>();
    Map<Integer, List<Connection>> byIsn = new HashMap<>();
    for (Connection there : other.connections()) {
      Connection stray = there.hasSyn() ? strays.get(Ends.of(there)) : null;
      if (stray == null || into.containsKey(stray.stream())) {
        continue;
      }
      if (byIsn.isEmpty()) {
        for (Connection here : capture.connections()) {
          if (here.hasSyn()) {
            byIsn.computeIfAbsent(isn(here), isn -> new ArrayList<>(1)).add(here);
          }
        }
      }
      for (Connection here : byIsn.getOrDefault(isn(there), List.of())) {
        Connection sameRoles =
            stray.client().equals(there.client()) ? stray : stray.withRolesSwapped();
        Direction direction = untranslated(here, sameRoles);
        if (direction != null
            && belongs(sameRoles.flow(direction), there.flow(direction), here.flow(direction))) {
          Flow answered = there.flow(direction.reverse());
          found.add(of(capture.point(), other.point(), here, sameRoles, direction, answered));
          into.put(stray.stream(), here.stream());
          break;
        }
      }
    }
    return found;
  }

  private static int isn(Connection connection) {
    return connection.clientToServer().isn().getAsInt();
  }

  /**
   * The direction whose sender has another address, where the other end has the same; else null.
   */
  static Direction untranslated(Connection here, Connection stray) {
    boolean client = here.client().equals(stray.client());
    boolean server = here.server().equals(stray.server());
    return client == server ? null : client ? Direction.S2C : Direction.C2S;
  }

  /** Whether the packets are among those of the other point and not at this one, translated. */
  private static boolean belongs(Flow stray, Flow there, Flow here) {
    Set<Long> sent = marks(there);
    Set<Long> translated = marks(here);
    Set<Long> passed = marks(stray);
    return !passed.isEmpty()
        && sent.containsAll(passed)
        && Collections.disjoint(translated, passed);
  }

  private static Set<Long> marks(Flow flow) {
    Set<Long> marks = new HashSet<>();
    SegmentTable table = flow.table();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      long ends = Integer.toUnsignedLong(table.sequence(row)) << 32;
      marks.add((ends | Integer.toUnsignedLong(table.acknowledgment(row))) * 31 + mark(table, row));
    }
    return marks;
  }

  private static long mark(SegmentTable table, int row) {
    return table.payloadBytes(row) * 4096L * 65536 + table.flags(row) * 65536L + table.ipId(row);
  }

  static Untranslated of(
      CapturePoint point,
      CapturePoint other,
      Connection here,
      Connection stray,
      Direction direction,
      Flow answered) {
    Flow translated = here.flow(direction);
    Flow passed = stray.flow(direction);
    Flow back = stray.flow(direction.reverse());
    int last = translated.lastRow();
    Set<Integer> resets = new HashSet<>();
    for (int row = back.firstRow(); row >= 0; row = back.table().next(row)) {
      if ((back.table().flags(row) & TcpFlags.RST) != 0) {
        resets.add(back.table().sequence(row));
      }
    }
    return new Untranslated(
        point,
        other,
        here.stream(),
        direction,
        translated.sender(),
        passed.sender(),
        passed.frames(),
        new Ttls(passed.firstTtl(), last < 0 ? -1 : translated.table().ttl(last)),
        back.frames(),
        back.resets(),
        point.equals(other) ? List.of() : resets(answered, resets),
        translated.segments());
  }

  /** The frames of RSTs with certain numbers. */
  private static List<Integer> resets(Flow flow, Set<Integer> numbers) {
    List<Integer> frames = new ArrayList<>();
    SegmentTable table = flow.table();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & TcpFlags.RST) != 0 && numbers.contains(table.sequence(row))) {
        frames.add(table.frame(row));
      }
    }
    return frames;
  }
}
