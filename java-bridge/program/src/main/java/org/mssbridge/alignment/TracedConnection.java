package org.mssbridge.alignment;

import java.util.List;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.Direction;
import org.mssbridge.model.PerPoint;

/**
 * A connection followed along the path.
 *
 * @param id its number in the report, from 0
 * @param at the connection as each point saw it, in path order; only points that saw it
 * @param pairs its sightings at each two neighbouring points, in path order; empty where only one
 *     point saw it
 * @param across the same at points that have others between them, where these cannot judge some
 *     segments: with the alignment of these segments only, in one direction
 */
public record TracedConnection(
    int id, PerPoint<Connection> at, List<PairedConnection> pairs, List<PairedConnection> across) {
  public TracedConnection {
    pairs = List.copyOf(pairs);
    across = List.copyOf(across);
  }

  /** Whether only one point saw it. */
  public boolean isOneSided() {
    return pairs.isEmpty();
  }

  /** Whether its client is on the side of the path's last point. */
  public boolean runsBack() {
    return !pairs.isEmpty()
        && !pairs.get(0).nearPoint(Direction.C2S).equals(at.points().iterator().next());
  }

  /** The evidence for the weakest of its pairings; empty where there is none. */
  public List<String> matchedBy() {
    return pairs.stream()
        .min((a, b) -> Double.compare(a.confidence(), b.confidence()))
        .map(PairedConnection::matchedBy)
        .orElse(List.of());
  }

  /** The confidence in the weakest of its pairings, 0 to 1; 0 where there is none. */
  public double confidence() {
    return pairs.stream().mapToDouble(PairedConnection::confidence).min().orElse(0);
  }
}
