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

  /** So many smaller ones, all of them alike, are no longer noise. */
  private static final int LEAST_ALIKE = 5;

  /** The resolution of most captures. */
  private static final long MIN_CLOSE_NANOS = 1_000;

  /**
   * For addresses at the first capture: votes for being on the side of that capture, minus others.
   */
  private final Map<Long, Integer> firstSide = new HashMap<>();

  /** The same by small differences, for points close to each other, */
  private final Map<Long, Integer> closeSide = new HashMap<>();

  /** and how many there were. */
  private final Map<Long, Integer> closeVotes = new HashMap<>();

  /** Adds two sightings of a connection. */
  void add(PathSigns first, PathSigns second) {
    int vote = vote(first, second);
    firstSide.merge(first.client(), vote, Integer::sum);
    firstSide.merge(first.server(), -vote, Integer::sum);
    int close = closeVote(first.gaps(), second.gaps());
    if (vote == 0 && close != 0) {
      closeSide.merge(first.client(), close, Integer::sum);
      closeSide.merge(first.server(), -close, Integer::sum);
      closeVotes.merge(first.client(), 1, Integer::sum);
      closeVotes.merge(first.server(), 1, Integer::sum);
    }
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

  /**
   * The same where small differences count too, if all of them agree. They order captures that
   * nobody has ordered; they are no reason to contradict somebody.
   */
  int likelySide(long client, long server) {
    int side = side(client, server);
    return side != 0 ? side : closeSide(client) - closeSide(server);
  }

  private int closeSide(long host) {
    int sum = closeSide.getOrDefault(host, 0);
    int count = closeVotes.getOrDefault(host, 0);
    return count >= LEAST_ALIKE && Math.abs(sum) == count ? sum : 0;
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
    long difference = difference(first, second);
    return Math.abs(difference) < MIN_NANOS
            || Math.abs(difference) < 2 * Math.abs(first.wholeNanos() - second.wholeNanos())
        ? 0
        : Long.signum(difference);
  }

  private static int closeVote(HandshakeGaps first, HandshakeGaps second) {
    long difference = difference(first, second);
    return Math.abs(difference) < MIN_CLOSE_NANOS ? 0 : Long.signum(difference);
  }

  /** How much sooner the SYN/ACK follows the SYN at the second; 0 where that is not known. */
  private static long difference(HandshakeGaps first, HandshakeGaps second) {
    return first == null || second == null || !first.isSameHandshakeAs(second)
        ? 0
        : first.toSynAckNanos() - second.toSynAckNanos();
  }
}
