package org.mssbridge.pairing;

import java.util.HashMap;
import java.util.Map;

/**
 * On which side of two capture points each host is. There are two kinds of evidence: TTLs decrease
 * along the path, and the nearer the server, the sooner the SYN/ACK follows the SYN. A host is on
 * one side for all its connections, so those without evidence of their own follow the others of
 * their hosts.
 */
final class PathVotes {
  /** Smaller differences between the handshake's gaps are noise from the hosts. */
  private static final long MIN_NANOS = 20_000;

  /**
   * For addresses at the first capture: votes for being on the side of that capture, minus others.
   */
  private final Map<Long, Integer> firstSide = new HashMap<>();

  /** Adds two sightings of a connection. */
  void add(PathSigns first, PathSigns second) {
    int vote = vote(first, second);
    firstSide.merge(first.client(), vote, Integer::sum);
    firstSide.merge(first.server(), -vote, Integer::sum);
  }

  /**
   * Above 0 if the client is on the side of the first capture, below 0 if on that of the second, 0
   * if that is unknown.
   *
   * @param client hash of the client's address at the first capture
   * @param server hash of the server's address there
   */
  int side(long client, long server) {
    return firstSide.getOrDefault(client, 0) - firstSide.getOrDefault(server, 0);
  }

  private static int vote(PathSigns first, PathSigns second) {
    int ttl = ttlVote(first, second);
    int gap = gapVote(first.gaps(), second.gaps());
    return ttl == 0 ? gap : ttl == -gap ? 0 : ttl;
  }

  private static int ttlVote(PathSigns first, PathSigns second) {
    int drop = drop(first.clientTtl(), second.clientTtl());
    int rise = -drop(first.serverTtl(), second.serverTtl());
    boolean agree = (drop > 0 && rise >= 0) || (drop >= 0 && rise > 0);
    boolean opposed = (drop < 0 && rise <= 0) || (drop <= 0 && rise < 0);
    return agree ? 1 : opposed ? -1 : 0;
  }

  /** How much lower the TTL is in the second capture; 0 where unknown or rewritten. */
  private static int drop(int first, int second) {
    return first < 0 || second < 0 || Math.abs(first - second) > 30 ? 0 : first - second;
  }

  private static int gapVote(HandshakeGaps first, HandshakeGaps second) {
    if (first == null || second == null || !first.isSameHandshakeAs(second)) {
      return 0;
    }
    long difference = first.toSynAckNanos() - second.toSynAckNanos();
    long noise = 2 * Math.abs(first.wholeNanos() - second.wholeNanos());
    return Math.abs(difference) < Math.max(MIN_NANOS, noise) ? 0 : Long.signum(difference);
  }
}
