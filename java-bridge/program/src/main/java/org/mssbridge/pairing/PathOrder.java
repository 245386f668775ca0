package org.mssbridge.pairing;

import java.util.List;

/**
 * Which of two captures was taken nearer the client, for each connection: connections may start
 * from either end. {@link PathVotes} holds the evidence.
 */
public final class PathOrder {
  private final PathVotes votes = new PathVotes();
  private final List<ConnectionMatch> matches;
  private final boolean swapped;

  private PathOrder(List<ConnectionMatch> matches) {
    this.matches = matches;
    for (ConnectionMatch match : matches) {
      votes.add(PathSigns.of(match.first()), PathSigns.of(match.second()));
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
    return votes.side(
        Hash.of(match.first().client().address()), Hash.of(match.first().server().address()));
  }
}
