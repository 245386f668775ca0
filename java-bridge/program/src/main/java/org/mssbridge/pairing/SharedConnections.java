package org.mssbridge.pairing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.flow.LongList;

/**
 * The connections that two captures have in common, as their fingerprints show. Only pairs count
 * that prove themselves: by random numbers of the headers of both ends, or those of one end and the
 * payload. Programs repeat their data, and even the random of a TLS hello; so data alone counts
 * only at the same time, as the clocks say, and in several connections. Between equal addresses and
 * ports at the same time, or a TLS handshake between them at nearly the same time, it is weak
 * evidence, for where there is no other: networks use the same private addresses, and hosts the
 * same ports. A scanner's probe or a forged SYN proves nothing.
 *
 * @param connections number of pairs that count
 * @param confidence that of the best of them, 0 to 1
 * @param fromFirst how many of them begin on the side of the first capture
 * @param fromSecond how many begin on the side of the second
 * @param clock how far the clocks are apart; empty where no event was seen by both
 * @param isWeak whether the evidence is too weak where a capture has something in common with
 *     others
 * @param isSame whether the captures hold the same packets: they are of one point
 */
public record SharedConnections(
    int connections,
    double confidence,
    int fromFirst,
    int fromSecond,
    Optional<Offset> clock,
    boolean isWeak,
    boolean isSame) {
  /** The least confidence of a pair that counts. */
  private static final double SURE = 0.99;

  /** So many pairs have to agree where payload is all that proves them, */
  private static final int LEAST_BY_CONTENT = 3;

  /** and one in so many connections of the smaller capture: of very many some are alike. */
  private static final int CONNECTIONS_EACH = 1_000;

  /** Pairs by data are at the same time, as far as clocks that are synchronised are right. */
  private static final long AT_ONCE_NANOS = 200_000_000L;

  /** Clocks that nobody synchronises are off by so much, and often by more. */
  private static final long NEARLY_AT_ONCE_NANOS = 5_000_000_000L;

  private static final SharedConnections NONE =
      new SharedConnections(0, 0, 0, 0, Optional.empty(), false, false);

  /**
   * How far two clocks are apart.
   *
   * @param nanos what to add to a time of the first to get the second's
   * @param wayNanos how long packets need from one point to the other; empty where only packets of
   *     one direction show the offset, which then includes that time
   */
  public record Offset(long nanos, OptionalLong wayNanos) {}

  /** Whether there are any. */
  public boolean isAny() {
    return connections > 0;
  }

  /**
   * What two captures have in common. The fingerprints are used by one thread at a time; the result
   * does not depend on the order but for the names of the sides.
   */
  public static SharedConnections of(CaptureFingerprints first, CaptureFingerprints second) {
    FingerprintMatcher.Result result =
        new FingerprintMatcher(first.connections, second.connections).match();
    List<SightingPair> proven = new ArrayList<>();
    List<SightingPair> byContent = new ArrayList<>();
    List<SightingPair> weak = new ArrayList<>();
    for (SightingPair pair : result.pairs()) {
      if (pair.confidence() < SURE || pair.proof().isDoubtful()) {
        continue;
      }
      boolean hasEqualEnds = hasEqualEnds(pair, first, second);
      if (pair.proof() == Proof.IDENTITY && pair.keepsNumbers()) {
        proven.add(pair);
      } else if (isWithin(AT_ONCE_NANOS, pair, first, second)) {
        byContent.add(pair);
        if (hasEqualEnds) {
          weak.add(pair);
        }
      } else if (pair.proof() == Proof.IDENTITY
          && hasEqualEnds
          && isWithin(NEARLY_AT_ONCE_NANOS, pair, first, second)) {
        weak.add(pair);
      }
    }
    int least =
        Math.max(LEAST_BY_CONTENT, Math.min(first.size(), second.size()) / CONNECTIONS_EACH);
    if (!proven.isEmpty() || byContent.size() >= least) {
      proven.addAll(byContent);
      return of(proven, false, first, second);
    }
    return weak.isEmpty() ? NONE : of(weak, true, first, second);
  }

  /** Whether both captures have the beginning of a connection, and at one time. */
  private static boolean isWithin(
      long nanos, SightingPair pair, CaptureFingerprints first, CaptureFingerprints second) {
    return first.connections.hasHandshake(pair.first())
        && second.connections.hasHandshake(pair.second())
        && Math.abs(
                second.connections.baseNanos[pair.second()]
                    - first.connections.baseNanos[pair.first()])
            <= nanos;
  }

  private static boolean hasEqualEnds(
      SightingPair pair, CaptureFingerprints first, CaptureFingerprints second) {
    return first.connections.client(pair.first()).equals(second.connections.client(pair.second()))
        && first.connections.server(pair.first()).equals(second.connections.server(pair.second()));
  }

  private static SharedConnections of(
      List<SightingPair> pairs,
      boolean isWeak,
      CaptureFingerprints first,
      CaptureFingerprints second) {
    PathVotes votes = new PathVotes();
    for (SightingPair pair : pairs) {
      votes.add(
          first.signs(pair.first(), pair.swapsFirst()),
          second.signs(pair.second(), pair.swapsSecond()));
    }
    int fromFirst = 0;
    int fromSecond = 0;
    double confidence = 0;
    boolean isSame = true;
    LongList offsets = new LongList();
    LongList ways = new LongList();
    for (SightingPair pair : pairs) {
      PathSigns signs = first.signs(pair.first(), pair.swapsFirst());
      int side = votes.likelySide(signs.client(), signs.server());
      fromFirst += side > 0 ? 1 : 0;
      fromSecond += side < 0 ? 1 : 0;
      confidence = Math.max(confidence, pair.confidence());
      isSame &= !isWeak && isSame(pair, first, second);
      addOffset(pair, first, second, offsets, ways);
    }
    Optional<Offset> clock =
        offsets.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Offset(
                    offsets.median(),
                    ways.isEmpty() ? OptionalLong.empty() : OptionalLong.of(ways.median())));
    return new SharedConnections(
        pairs.size(), confidence, fromFirst, fromSecond, clock, isWeak, isSame);
  }

  /** Whether both sightings have the same times and TTLs, as in two files with the same packets. */
  private static boolean isSame(
      SightingPair pair, CaptureFingerprints first, CaptureFingerprints second) {
    Fingerprints one = first.connections;
    Fingerprints other = second.connections;
    for (int event = 0; event < Fingerprints.EVENTS; event++) {
      boolean both = one.saw(pair.first(), event) && other.saw(pair.second(), event);
      if (both
          && one.eventNanos(pair.first(), event) / 1000
              != other.eventNanos(pair.second(), event) / 1000) {
        return false;
      }
    }
    return one.baseNanos[pair.first()] / 1000 == other.baseNanos[pair.second()] / 1000
        && one.ttl(pair.first(), 0) == other.ttl(pair.second(), pair.swapsSecond() ? 1 : 0);
  }

  /**
   * Adds how far a pair shows the clocks to be apart. The SYN goes one way and the SYN/ACK the
   * other, so the middle of both is free of the time that they need.
   */
  private static void addOffset(
      SightingPair pair,
      CaptureFingerprints first,
      CaptureFingerprints second,
      LongList offsets,
      LongList ways) {
    HandshakeGaps near = first.gaps(pair.first());
    HandshakeGaps far = second.gaps(pair.second());
    long syn =
        second.connections.baseNanos[pair.second()] - first.connections.baseNanos[pair.first()];
    if (near != null && far != null && near.isSameHandshakeAs(far)) {
      long shift = far.toSynAckNanos() - near.toSynAckNanos();
      offsets.add(syn + shift / 2);
      ways.add(Math.abs(shift) / 2);
      return;
    }
    for (int event : new int[] {Fingerprints.SYN, Fingerprints.FIN}) {
      if (first.connections.saw(pair.first(), event)
          && second.connections.saw(pair.second(), event)) {
        offsets.add(
            second.connections.eventNanos(pair.second(), event)
                - first.connections.eventNanos(pair.first(), event));
        return;
      }
    }
  }
}
