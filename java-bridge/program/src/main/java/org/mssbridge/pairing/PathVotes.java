package org.mssbridge.pairing;

import java.util.Arrays;
import org.mssbridge.model.LongIndex;

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

  /** The numbers of addresses at the first capture; of a flood, there are a million. */
  private final LongIndex hosts = new LongIndex();

  private int known;

  /** By these numbers: votes for being on the side of the first capture, minus others. */
  private int[] firstSide = new int[16];

  /** The same by small differences, for points close to each other, */
  private int[] closeSide = new int[16];

  /** and how many there were. */
  private int[] closeVotes = new int[16];

  /** Adds two sightings of a connection. */
  void add(PathSigns first, PathSigns second) {
    int vote = vote(first, second);
    int client = number(first.client());
    int server = number(first.server());
    firstSide[client] += vote;
    firstSide[server] -= vote;
    int close = first.isOtherConnection(second) ? 0 : closeVote(first.gaps(), second.gaps());
    if (vote == 0 && close != 0) {
      closeSide[client] += close;
      closeSide[server] -= close;
      closeVotes[client]++;
      closeVotes[server]++;
    }
  }

  /** The number of a host, which may be new. */
  private int number(long host) {
    int number = hosts.get(host);
    if (number == LongIndex.NONE) {
      number = known++;
      hosts.put(host, number);
      if (number == firstSide.length) {
        firstSide = Arrays.copyOf(firstSide, 2 * number);
        closeSide = Arrays.copyOf(closeSide, 2 * number);
        closeVotes = Arrays.copyOf(closeVotes, 2 * number);
      }
    }
    return number;
  }

  /**
   * Above 0 if the client is on the side of the first capture, below 0 if on that of the second, 0
   * if that is unknown.
   *
   * @param client hash of the client's address at the first capture
   * @param server hash of the server's address there
   */
  int side(long client, long server) {
    return firstSide(client) - firstSide(server);
  }

  /**
   * The same where small differences count too, if all of them agree. They order captures that
   * nobody has ordered; they are no reason to contradict somebody.
   */
  int likelySide(long client, long server) {
    int side = side(client, server);
    return side != 0 ? side : closeSide(client) - closeSide(server);
  }

  private int firstSide(long host) {
    int number = hosts.get(host);
    return number == LongIndex.NONE ? 0 : firstSide[number];
  }

  private int closeSide(long host) {
    int number = hosts.get(host);
    if (number == LongIndex.NONE) {
      return 0;
    }
    int sum = closeSide[number];
    int count = closeVotes[number];
    return count >= LEAST_ALIKE && Math.abs(sum) == count ? sum : 0;
  }

  private static int vote(PathSigns first, PathSigns second) {
    if (first.isOtherConnection(second)) {
      return 0; // Nor does the way to a proxy say how far its other side is.
    }
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
