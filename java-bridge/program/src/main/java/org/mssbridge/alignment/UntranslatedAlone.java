package org.mssbridge.alignment;

import java.util.ArrayList;
import java.util.Comparator;
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
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.TcpFlags;

/**
 * Finds untranslated packets in one capture alone: packets of the same ports whose numbers continue
 * a connection of the capture, or a SYN/ACK that answers its SYN, and whose sender has another
 * address.
 */
final class UntranslatedAlone {
  /** Numbers that fit by chance in both directions are one case in 2^30. */
  private static final int NEAR_BYTES = 1 << 16;

  /** So many of the same ports are no packets that a NAT let pass, but a scan. */
  private static final int MAX_STRAYS = 64;

  private final PointCapture capture;
  private final List<Untranslated> found = new ArrayList<>();
  private final Map<Integer, Integer> into = new TreeMap<>();
  private final Set<Integer> joined = new HashSet<>();

  private UntranslatedAlone(PointCapture capture) {
    this.capture = capture;
  }

  /** An end that is the same in both, and the port of the other. */
  private record Kept(Endpoint end, int otherPort) implements Comparable<Kept> {
    private static final Comparator<Kept> ORDER =
        Comparator.comparing(Kept::end).thenComparingInt(Kept::otherPort);

    /** Each end of a connection. */
    static List<Kept> of(Connection connection) {
      return List.of(
          new Kept(connection.client(), connection.server().port()),
          new Kept(connection.server(), connection.client().port()));
    }

    @Override
    public int compareTo(Kept other) {
      return ORDER.compare(this, other);
    }
  }

  /** Joins such packets to their connections. */
  static Untranslated.Joined join(PointCapture capture) {
    Map<Kept, List<Connection>> strays = new TreeMap<>();
    for (Connection connection : capture.connections()) {
      if (!connection.hasSyn()) {
        Kept.of(connection)
            .forEach(kept -> strays.computeIfAbsent(kept, k -> new ArrayList<>()).add(connection));
      }
    }
    strays.values().removeIf(same -> same.size() > MAX_STRAYS);
    UntranslatedAlone alone = new UntranslatedAlone(capture);
    if (!strays.isEmpty()) {
      capture.connections().stream()
          .filter(Connection::hasSyn)
          .forEach(here -> alone.addAll(here, strays));
    }
    return new Untranslated.Joined(
        List.of(alone.into.isEmpty() ? capture : capture.joining(alone.into)), alone.found);
  }

  private void addAll(Connection here, Map<Kept, List<Connection>> strays) {
    for (Kept kept : Kept.of(here)) {
      for (Connection stray : strays.getOrDefault(kept, List.of())) {
        add(here, stray);
      }
    }
  }

  private void add(Connection here, Connection stray) {
    boolean sameRoles =
        here.client().equals(stray.client()) || here.server().equals(stray.server());
    Connection turned = sameRoles ? stray : stray.withRolesSwapped();
    Direction direction = Untranslated.untranslated(here, turned);
    if (direction == null
        || into.containsKey(stray.stream())
        || joined.contains(here.stream())
        || stray.firstFrame() < here.firstFrame()
        || !fits(turned.flow(direction), here, direction)) {
      return;
    }
    found.add(
        Untranslated.of(
            capture.point(),
            capture.point(),
            here,
            turned,
            direction,
            here.flow(direction.reverse())));
    into.put(stray.stream(), here.stream());
    joined.add(here.stream());
  }

  /** Whether all packets of a flow fit a direction of a connection by their numbers. */
  private static boolean fits(Flow passed, Connection here, Direction direction) {
    OptionalInt sent = here.flow(direction).next();
    OptionalInt answered = here.flow(direction.reverse()).next();
    SegmentTable table = passed.table();
    boolean unanswered = here.flow(direction).firstRow() < 0;
    for (int row = passed.firstRow(); row >= 0; row = table.next(row)) {
      boolean acknowledges = (table.flags(row) & TcpFlags.ACK) != 0 && answered.isPresent();
      boolean fits =
          unanswered
              ? TcpFlags.isSynAck(table.flags(row))
                  && acknowledges
                  && table.acknowledgment(row) == answered.getAsInt()
              : acknowledges
                  && sent.isPresent()
                  && isNear(table.sequence(row), sent.getAsInt())
                  && isNear(table.acknowledgment(row), answered.getAsInt());
      if (!fits) {
        return false;
      }
    }
    return passed.firstRow() >= 0;
  }

  private static boolean isNear(int number, int other) {
    return Math.abs((long) (number - other)) < NEAR_BYTES;
  }
}
