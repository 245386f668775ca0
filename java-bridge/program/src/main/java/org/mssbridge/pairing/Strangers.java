package org.mssbridge.pairing;

import java.util.HashMap;
import java.util.Map;

/**
 * Tells which sightings are surely two connections though their numbers agree: the SYNs of a
 * scanner, or of a forged source, to the hosts at both points. They come from the same address and
 * go to different ones, and no known pair shows that a device translates the one to the other; or
 * known pairs show both of these addresses, translated to others.
 */
final class Strangers {
  private final Fingerprints firstSide;
  private final Fingerprints secondSide;
  private final Habits habits;

  /**
   * For two captures.
   *
   * @param habits what known pairs show; null where there is none
   */
  Strangers(Fingerprints firstSide, Fingerprints secondSide, Habits habits) {
    this.firstSide = firstSide;
    this.secondSide = secondSide;
    this.habits = habits;
  }

  /** Whether two sightings are surely different connections. */
  boolean are(int first, int second) {
    if (firstSide.hasData(first) || secondSide.hasData(second)) {
      return false;
    }
    long to = firstSide.address(first, 1);
    long otherTo = secondSide.address(second, 1);
    if (habits != null && habits.translates(to, otherTo)) {
      return false;
    }
    boolean sameSource = firstSide.address(first, 0) == secondSide.address(second, 0);
    return (sameSource && to != otherTo) || (habits != null && habits.knows(to, otherTo));
  }

  /**
   * Marks the members of two groups that may be the same connection as one of the other group, for
   * groups of any size where no pair is known.
   */
  void markOthers(int[] firsts, int[] seconds, boolean[] firstMarks, boolean[] secondMarks) {
    mark(firstSide, firsts, secondSide, seconds, firstMarks);
    mark(secondSide, seconds, firstSide, firsts, secondMarks);
  }

  private static void mark(
      Fingerprints side, int[] members, Fingerprints otherSide, int[] others, boolean[] marks) {
    Map<Long, Integer> fromClient = new HashMap<>();
    Map<Long, Integer> betweenBoth = new HashMap<>();
    for (int other : others) {
      if (!otherSide.hasData(other)) {
        fromClient.merge(otherSide.address(other, 0), 1, Integer::sum);
        betweenBoth.merge(addresses(otherSide, other), 1, Integer::sum);
      }
    }
    for (int member : members) {
      int strangers =
          side.hasData(member)
              ? 0
              : fromClient.getOrDefault(side.address(member, 0), 0)
                  - betweenBoth.getOrDefault(addresses(side, member), 0);
      marks[member] |= strangers < others.length;
    }
  }

  private static long addresses(Fingerprints side, int connection) {
    return Hash.of(side.address(connection, 0), side.address(connection, 1));
  }
}
