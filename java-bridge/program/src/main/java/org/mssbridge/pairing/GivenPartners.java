package org.mssbridge.pairing;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.Given;

/**
 * Which connections of a capture have other ends in another one, as the user says: then they are
 * compared under these.
 */
final class GivenPartners {
  static final GivenPartners NONE = new GivenPartners(new Given.Tuple[0]);

  /** For each connection of the first capture its ends in the second; null where not given. */
  private final Given.Tuple[] partners;

  private GivenPartners(Given.Tuple[] partners) {
    this.partners = partners;
  }

  /**
   * Finds them. What is given says nothing of a connection whose other ends the second capture does
   * not have: the device that renames it is elsewhere.
   */
  static GivenPartners of(Given given, List<Connection> first, List<Connection> second) {
    if (given.namesNoConnection()) {
      return NONE;
    }
    Set<Given.Tuple> known = new HashSet<>();
    second.forEach(connection -> known.add(tuple(connection)));
    Given.Tuple[] partners = new Given.Tuple[first.size()];
    for (int i = 0; i < partners.length; i++) {
      Given.Tuple own = tuple(first.get(i));
      for (boolean isForth : new boolean[] {true, false}) {
        Given.Tuple renamed = given.renamed(own, isForth);
        boolean isKnown = known.contains(renamed) || known.contains(renamed.reversed());
        if (partners[i] == null && !renamed.equals(own) && isKnown) {
          partners[i] = renamed;
        }
      }
    }
    return new GivenPartners(partners);
  }

  private static Given.Tuple tuple(Connection connection) {
    return new Given.Tuple(connection.client(), connection.server());
  }

  boolean isGiven(int connection) {
    return connection < partners.length && partners[connection] != null;
  }

  /** The ends of a connection in the second capture: given, or its own. */
  Given.Tuple ends(int number, Connection connection) {
    return isGiven(number) ? partners[number] : tuple(connection);
  }

  /** Whether a connection of the second capture has the ends that are given. */
  boolean isPartner(int number, Connection second) {
    Given.Tuple tuple = tuple(second);
    return isGiven(number)
        && (partners[number].equals(tuple) || partners[number].equals(tuple.reversed()));
  }
}
