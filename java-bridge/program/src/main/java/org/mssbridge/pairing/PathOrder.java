package org.mssbridge.pairing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpFlags;

/**
 * Which of two captures was taken nearer the client, for each connection: connections may start
 * from either end. There are two kinds of evidence: TTLs decrease along the path, and the nearer
 * the server, the sooner the SYN/ACK follows the SYN. A host is on one side for all its
 * connections, so those without evidence of their own follow the others of their hosts.
 */
public final class PathOrder {
  /** Smaller differences between the handshake's gaps are noise from the hosts. */
  private static final long MIN_NANOS = 20_000;

  /**
   * For addresses at the first capture: votes for being on the side of that capture, minus others.
   */
  private final Map<String, Votes> firstSide = new HashMap<>();

  private final List<ConnectionMatch> matches;
  private final boolean swapped;

  private static final class Votes {
    private int sum;
  }

  private PathOrder(List<ConnectionMatch> matches) {
    this.matches = matches;
    for (ConnectionMatch match : matches) {
      int vote = vote(match);
      votes(match.first().client()).sum += vote;
      votes(match.first().server()).sum -= vote;
    }
    boolean anyBack = false;
    boolean anyForth = false;
    for (ConnectionMatch match : matches) {
      int side = side(match);
      anyBack |= side < 0;
      anyForth |= side > 0;
    }
    swapped = anyBack && !anyForth;
  }

  /** The order that the matches of two captures show. */
  public static PathOrder of(List<ConnectionMatch> matches) {
    return new PathOrder(matches);
  }

  /** The matches. */
  public List<ConnectionMatch> matches() {
    return matches;
  }

  /**
   * Whether the captures were given in the wrong order: all connections whose direction is known
   * begin on the side of the second capture, and there is at least one.
   */
  public boolean isSwapped() {
    return swapped;
  }

  /** Whether the client of a connection is on the side of the second capture. */
  public boolean startsAtSecond(ConnectionMatch match) {
    return side(match) < 0;
  }

  private int side(ConnectionMatch match) {
    return votes(match.first().client()).sum - votes(match.first().server()).sum;
  }

  private Votes votes(Endpoint end) {
    return firstSide.computeIfAbsent(end.address(), address -> new Votes());
  }

  private static int vote(ConnectionMatch match) {
    int ttl = ttlVote(match);
    int gap = gapVote(match);
    return ttl == 0 ? gap : ttl == -gap ? 0 : ttl;
  }

  private static int ttlVote(ConnectionMatch match) {
    int drop = ttlDrop(match, Direction.C2S);
    int rise = -ttlDrop(match, Direction.S2C);
    boolean agree = (drop > 0 && rise >= 0) || (drop >= 0 && rise > 0);
    boolean opposed = (drop < 0 && rise <= 0) || (drop <= 0 && rise < 0);
    return agree ? 1 : opposed ? -1 : 0;
  }

  /** How much lower the TTL is in the second capture; 0 where unknown or rewritten. */
  private static int ttlDrop(ConnectionMatch match, Direction direction) {
    int first = match.first().flow(direction).firstTtl();
    int second = match.second().flow(direction).firstTtl();
    return first < 0 || second < 0 || Math.abs(first - second) > 30 ? 0 : first - second;
  }

  private static int gapVote(ConnectionMatch match) {
    Gaps first = Gaps.of(match.first());
    Gaps second = Gaps.of(match.second());
    if (first == null || second == null || !first.isSameHandshakeAs(second)) {
      return 0;
    }
    long difference = first.toSynAckNanos() - second.toSynAckNanos();
    long noise = 2 * Math.abs(first.wholeNanos() - second.wholeNanos());
    return Math.abs(difference) < Math.max(MIN_NANOS, noise) ? 0 : Long.signum(difference);
  }

  /** The gaps within one handshake without retransmissions. */
  private record Gaps(long toSynAckNanos, long toAckNanos) {
    static Gaps of(Connection connection) {
      List<Segment> syns = connection.clientToServer().handshake();
      List<Segment> synAcks = connection.serverToClient().handshake();
      if (syns.size() != 1 || synAcks.size() != 1) {
        return null;
      }
      long ackNanos = firstAckNanos(connection.clientToServer());
      long synAckNanos = synAcks.get(0).timeNanos();
      return ackNanos < synAckNanos
          ? null
          : new Gaps(synAckNanos - syns.get(0).timeNanos(), ackNanos - synAckNanos);
    }

    long wholeNanos() {
      return toSynAckNanos + toAckNanos;
    }

    private static long firstAckNanos(Flow client) {
      SegmentTable table = client.table();
      for (int row = client.firstRow(); row >= 0; row = table.next(row)) {
        if ((table.flags(row) & (TcpFlags.SYN | TcpFlags.ACK)) == TcpFlags.ACK) {
          return table.timeNanos(row);
        }
      }
      return Long.MIN_VALUE;
    }

    /**
     * Whether SYN to ACK takes the same time at both points, as it does unless a device answers
     * itself.
     */
    boolean isSameHandshakeAs(Gaps other) {
      long whole = wholeNanos();
      long otherWhole = other.wholeNanos();
      return Math.abs(whole - otherWhole) <= Math.max(whole, otherWhole) / 5;
    }
  }
}
