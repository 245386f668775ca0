package org.mssbridge.evidence;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * The longest silence after which connections of two hosts went on across a leg: a device on it
 * that forgets idle connections waits longer than that.
 */
public final class SurvivedSilences {
  private final Evidence evidence;
  private final Map<Leg, Map<Hosts, Long>> longest = new HashMap<>();

  public SurvivedSilences(Evidence evidence) {
    this.evidence = evidence;
  }

  /** In an order, so that a map with many of one hash stays quick. */
  private record Hosts(String client, String server) implements Comparable<Hosts> {
    private static final Comparator<Hosts> ORDER =
        Comparator.comparing(Hosts::client).thenComparing(Hosts::server);

    static Hosts of(Passage passage) {
      Connection seen = passage.pair().far(passage.direction());
      return new Hosts(seen.client().address(), seen.server().address());
    }

    @Override
    public int compareTo(Hosts other) {
      return ORDER.compare(this, other);
    }
  }

  /** The longest one, in ns, of any connection between the hosts of a passage. */
  public long longest(Passage passage) {
    return longest.computeIfAbsent(passage.leg(), this::all).getOrDefault(Hosts.of(passage), 0L);
  }

  private Map<Hosts, Long> all(Leg leg) {
    Map<Hosts, Long> all = new TreeMap<>();
    List<Passage> passages = evidence.passagesByLeg().getOrDefault(leg, List.of());
    for (Passage passage : passages) {
      all.merge(Hosts.of(passage), survivedNanos(passage), Math::max);
    }
    return all;
  }

  /** What is silent at one point only is none: packets were lost on the way. */
  private static long survivedNanos(Passage passage) {
    Direction direction = passage.direction();
    return Math.min(
        survivedNanos(passage.pair().near(direction), direction),
        survivedNanos(passage.pair().far(direction), direction));
  }

  /** The longest silence at a point after which the sender of a direction is heard again. */
  private static long survivedNanos(Connection seen, Direction direction) {
    Flow sender = seen.flow(direction);
    Flow receiver = seen.flow(direction.reverse());
    SegmentTable table = sender.table();
    int one = sender.firstRow();
    int other = receiver.firstRow();
    int previous = -1;
    long silence = 0;
    long longest = 0;
    while (one >= 0 || other >= 0) {
      boolean sends = other < 0 || (one >= 0 && one < other);
      int row = sends ? one : other;
      if (previous >= 0) {
        silence = Math.max(silence, table.timeNanos(row) - table.timeNanos(previous));
      }
      if (sends && (table.flags(row) & (TcpFlags.RST | TcpFlags.FIN)) == 0) {
        longest = Math.max(longest, silence);
      }
      previous = row;
      one = sends ? table.next(one) : one;
      other = sends ? other : table.next(other);
    }
    return longest;
  }
}
