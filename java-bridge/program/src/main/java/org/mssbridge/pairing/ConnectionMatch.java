package org.mssbridge.pairing;

import java.util.List;
import org.mssbridge.flow.Connection;

/**
 * Two sightings of the same connection.
 *
 * @param first as seen in the first capture
 * @param second as seen in the second capture
 * @param matchedBy the evidence, strongest first
 * @param confidence the confidence, 0 to 1
 */
public record ConnectionMatch(
    Connection first, Connection second, List<String> matchedBy, double confidence) {
  public ConnectionMatch {
    matchedBy = List.copyOf(matchedBy);
  }

  /** The same match with the captures in the other order. */
  public ConnectionMatch reversed() {
    return new ConnectionMatch(/* first= */ second, /* second= */ first, matchedBy, confidence);
  }
}
