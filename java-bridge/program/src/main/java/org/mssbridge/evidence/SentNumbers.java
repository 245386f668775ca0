package org.mssbridge.evidence;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.mssbridge.alignment.CaptureGaps;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.PerPoint;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.TooBig;

/** Which sequence numbers were sent, as far as the captures show all of them. */
final class SentNumbers {
  private final ConnectionsByEndpoints byEndpoints;
  private final Map<Flow, Long> highestByFlow = new HashMap<>();
  private final Map<Flow, Boolean> wholeByFlow = new HashMap<>();
  private final Map<Flows, Numbers> numbers = new TreeMap<>();

  /** One direction of all connections of a client and a server at a point. */
  private record Flows(CapturePoint point, Endpoint client, Endpoint server, Direction direction)
      implements Comparable<Flows> {
    private static final Comparator<Flows> ORDER =
        Comparator.comparing((Flows flows) -> flows.point().name())
            .thenComparing(Flows::client)
            .thenComparing(Flows::server)
            .thenComparing(Flows::direction);

    @Override
    public int compareTo(Flows other) {
      return ORDER.compare(this, other);
    }
  }

  /** Ranges of raw sequence numbers. */
  private static final class Numbers {
    private static final long ALL = 1L << 32;

    private final LatestRanges ranges = new LatestRanges();
    private boolean isKnown = true;

    /** Adds a stream; numbers more than half of all below its end are not told from later ones. */
    void add(int isn, long highest) {
      long end = (Integer.toUnsignedLong(isn) + highest) % ALL + 1;
      long start = end - 1 - Math.min(highest, ALL / 2);
      ranges.put(Math.max(0, start), end, 0);
      if (start < 0) {
        ranges.put(start + ALL, ALL, 0);
      }
    }

    boolean areWithout(OptionalInt number) {
      return isKnown
          && number.isPresent()
          && ranges.at(Integer.toUnsignedLong(number.getAsInt())) == LatestRanges.NONE;
    }
  }

  SentNumbers(ConnectionsByEndpoints byEndpoints) {
    this.byEndpoints = byEndpoints;
  }

  /**
   * Whether a message quotes bytes that no connection between these endpoints sent: ports are
   * reused, and a message may arrive during the next connection.
   */
  boolean areWithout(TracedConnection traced, Direction direction, PerPoint<TooBig> seen) {
    CapturePoint first = seen.points().iterator().next();
    Connection quoted = traced.at().at(first).orElseThrow();
    return seen.points().stream()
            .allMatch(at -> isUnsent(traced, direction, at, seen.at(at).orElseThrow()))
        && numbers
            .computeIfAbsent(
                new Flows(first, quoted.client(), quoted.server(), direction), this::numbers)
            .areWithout(seen.at(first).orElseThrow().quotedSequence());
  }

  /** The numbers that one direction of all connections between two endpoints sent. */
  private Numbers numbers(Flows flows) {
    Numbers sent = new Numbers();
    for (TracedConnection traced : byEndpoints.at(flows.point(), flows.client(), flows.server())) {
      Connection seen = traced.at().at(flows.point()).orElseThrow();
      if (seen.client().equals(flows.client())) {
        sent.isKnown &= seen.flow(flows.direction()).segments() > 0;
        OptionalLong highest = highestKnown(traced, flows.direction());
        sent.isKnown &= highest.isPresent();
        for (CapturePoint point : traced.at().points()) {
          Flow flow = traced.at().at(point).orElseThrow().flow(flows.direction());
          flow.isn().ifPresent(isn -> sent.add(isn, highest.orElse(0)));
        }
      }
    }
    return sent;
  }

  /**
   * Whether the sequence number quoted at a point is outside everything that was sent, in the
   * numbers of every point: a device may or may not have translated it. Never where the capture
   * would not have the quoted packet.
   */
  private boolean isUnsent(
      TracedConnection traced, Direction direction, CapturePoint at, TooBig message) {
    OptionalLong highest = highestKnown(traced, direction);
    if (message.quotedSequence().isEmpty() || highest.isEmpty()) {
      return false;
    }
    int quoted = message.quotedSequence().getAsInt();
    for (CapturePoint point : traced.at().points()) {
      Flow flow = traced.at().at(point).orElseThrow().flow(direction);
      long position = SequenceNumber.unwrap(quoted - flow.isn().getAsInt(), highest.getAsLong());
      if (position >= 0 && position <= highest.getAsLong()) {
        return false;
      }
    }
    return holdsAll(traced.at().at(at).orElseThrow(), direction, message.frame());
  }

  /**
   * Whether a capture holds what was sent before a frame, as far as it shows: segments after the
   * SYN, which a filter for handshakes leaves out, and no gap.
   */
  private boolean holdsAll(Connection connection, Direction direction, int frame) {
    Flow flow = connection.flow(direction);
    SegmentTable table = flow.table();
    int handshakeOrEnd = TcpFlags.SYN | TcpFlags.FIN | TcpFlags.RST;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.frame(row) < frame && (table.flags(row) & handshakeOrEnd) == 0) {
        return wholeByFlow.computeIfAbsent(
            flow, seen -> CaptureGaps.of(connection, direction).size() == 0);
      }
    }
    return false;
  }

  /**
   * The position after the last byte that any point saw sent or acknowledged; empty where a point
   * did not see the ISN.
   */
  private OptionalLong highestKnown(TracedConnection traced, Direction direction) {
    long highest = 0;
    for (CapturePoint point : traced.at().points()) {
      Connection connection = traced.at().at(point).orElseThrow();
      if (connection.flow(direction).isn().isEmpty()) {
        return OptionalLong.empty();
      }
      highest = Math.max(highest, highestKnown(connection, direction));
    }
    return OptionalLong.of(highest);
  }

  /** The position after the last byte that a point saw sent or acknowledged. */
  private long highestKnown(Connection connection, Direction direction) {
    Long known = highestByFlow.get(connection.flow(direction));
    if (known == null) {
      known = findHighest(connection, direction);
      highestByFlow.put(connection.flow(direction), known);
    }
    return known;
  }

  private static long findHighest(Connection connection, Direction direction) {
    Flow flow = connection.flow(direction);
    SegmentTable table = flow.table();
    int isn = flow.isn().getAsInt();
    long highest = 1;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      long end = table.position(row, isn, highest) + table.payloadBytes(row);
      boolean closing = (table.flags(row) & TcpFlags.RST) != 0;
      highest = closing ? highest : Math.max(highest, end);
    }
    Flow back = connection.flow(direction.reverse());
    for (int row = back.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK) {
        highest =
            Math.max(highest, SequenceNumber.unwrap(table.acknowledgment(row) - isn, highest));
      }
    }
    return highest;
  }
}
