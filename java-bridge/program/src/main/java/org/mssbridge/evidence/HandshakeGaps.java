package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.TcpFlags;

/**
 * How far both ends of a connection are from one point, as the times of its handshake show.
 *
 * @param serverNanos from the SYN to the SYN/ACK: to the server and back
 * @param clientNanos from the SYN/ACK to the ACK: to the client and back
 */
public record HandshakeGaps(long serverNanos, long clientNanos) {
  /** Hosts on one link answer each other within this. */
  private static final long AT_ONCE_NANOS = 1_000_000;

  /** How many times as far the other end is where one is clearly nearer. */
  private static final int MUCH_NEARER = 3;

  /**
   * The gaps of a handshake of which each segment was sent once; empty where it was not seen like
   * that.
   */
  public static Optional<HandshakeGaps> of(Connection seen) {
    if (seen.clientToServer().handshakes() != 1
        || seen.serverToClient().handshakes() != 1
        || seen.clientToServer().firstHandshakeRow() < 0
        || seen.serverToClient().firstHandshakeRow() < 0
        || !seen.hasSyn()) {
      return Optional.empty();
    }
    SegmentTable table = seen.clientToServer().table();
    long syn = table.timeNanos(seen.clientToServer().firstHandshakeRow());
    long synAck = table.timeNanos(seen.serverToClient().firstHandshakeRow());
    int third = table.next(seen.clientToServer().firstRow());
    if (!table.isTimed()
        || third < 0
        || (table.flags(third) & (TcpFlags.ACK | TcpFlags.RST)) != TcpFlags.ACK) {
      return Optional.empty();
    }
    long ack = table.timeNanos(third);
    return synAck >= syn && ack >= synAck
        ? Optional.of(new HandshakeGaps(synAck - syn, ack - synAck))
        : Optional.empty();
  }

  /** From the point to the sender of a direction and back. */
  public long toNanos(Direction direction) {
    return direction == Direction.C2S ? clientNanos : serverNanos;
  }

  /** Whether the sender of a direction answers as a host on the point's own link does. */
  public boolean isAtOnce(Direction end) {
    return toNanos(end) < AT_ONCE_NANOS;
  }

  /** Whether the sender of a direction is clearly nearer than the other end. */
  public boolean isMuchNearer(Direction end) {
    return toNanos(end) < toNanos(end.reverse()) / MUCH_NEARER;
  }

  /**
   * Whether a point is on an end of a connection or on its link: it answers at once, the other end
   * is much farther away, and no router lowered its TTL.
   */
  public static boolean isBeside(Connection seen, Direction end) {
    return InitialTtl.is(seen.flow(end).firstTtl())
        && of(seen).filter(gaps -> gaps.isAtOnce(end) && gaps.isMuchNearer(end)).isPresent();
  }
}
