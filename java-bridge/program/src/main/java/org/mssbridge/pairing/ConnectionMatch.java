package org.mssbridge.pairing;

import java.util.List;
import org.mssbridge.flow.Connection;

/**
 * Two sightings that are one connection.
 *
 * @param clientSide as seen at the point nearer the client
 * @param serverSide as seen at the point nearer the server
 * @param matchedBy what that rests on, strongest first
 * @param confidence how sure it is, 0 to 1
 */
public record ConnectionMatch(
    Connection clientSide, Connection serverSide, List<String> matchedBy, double confidence) {
  public ConnectionMatch {
    matchedBy = List.copyOf(matchedBy);
  }
}
