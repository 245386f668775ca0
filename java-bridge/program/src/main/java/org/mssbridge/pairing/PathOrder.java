package org.mssbridge.pairing;

import java.util.BitSet;
import java.util.List;

/**
 * Which of two captures was taken nearer the client, for each connection: connections may start
 * from either end. {@link PathVotes} holds the evidence.
 */
public final class PathOrder {
  private final List<ConnectionMatch> matches;

  /** The matches whose client is on the side of the second capture, by their numbers. */
  private final BitSet back = new BitSet();

  private final boolean swapped;

  private PathOrder(List<ConnectionMatch> matches) {
    this.matches = matches;
    PathVotes votes = new PathVotes();
    long[] clients = new long[matches.size()];
    long[] servers = new long[matches.size()];
    for (int i = 0; i < clients.length; i++) {
      PathSigns first = PathSigns.of(matches.get(i).first());
      clients[i] = first.client();
      servers[i] = first.server();
      votes.add(first, PathSigns.of(matches.get(i).second()));
    }
    boolean anyForth = false;
    for (int i = 0; i < clients.length; i++) {
      int side = votes.side(clients[i], servers[i]);
      back.set(i, side < 0);
      anyForth |= side > 0;
    }
    swapped = !back.isEmpty() && !anyForth;
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

  /** Whether the client of a match, by its number among them, is on the second capture's side. */
  public boolean startsAtSecond(int match) {
    return back.get(match);
  }
}
