package org.mssbridge.pairing;

import java.util.List;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpFlags;

/**
 * Which of two captures was taken nearer the client. There are two kinds of evidence: TTLs decrease
 * along the path, and the nearer the server, the sooner the SYN/ACK follows the SYN.
 *
 * @param ttlVotes connections whose TTLs indicate that the second capture is nearer the server,
 *     minus those that indicate the opposite
 * @param gapVotes the same by the time from SYN to SYN/ACK
 */
public record PathOrder(int ttlVotes, int gapVotes) {
  /** Smaller differences between the handshake's gaps are noise from the hosts. */
  private static final long MIN_NANOS = 20_000;

  public static PathOrder of(List<ConnectionMatch> matches) {
    int ttlVotes = 0;
    int gapVotes = 0;
    for (ConnectionMatch match : matches) {
      ttlVotes += ttlVote(match);
      gapVotes += gapVote(match);
    }
    return new PathOrder(ttlVotes, gapVotes);
  }

  /** Whether the captures were given in the wrong order; false without clear evidence. */
  public boolean isSwapped() {
    return (ttlVotes < 0 && gapVotes <= 0) || (ttlVotes == 0 && gapVotes < 0);
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
    return Math.abs(difference) < MIN_NANOS ? 0 : Long.signum(difference);
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
      long whole = toSynAckNanos + toAckNanos;
      long otherWhole = other.toSynAckNanos + other.toAckNanos;
      return Math.abs(whole - otherWhole) <= Math.max(whole, otherWhole) / 5;
    }
  }
}
