package org.mssbridge.alignment;

import java.util.List;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.PerPoint;

/**
 * A connection followed along the path.
 *
 * @param id its number in the report, from 0
 * @param at how each point that saw it saw it, in the order of the path
 * @param pairs its sightings at neighbouring points, two and two, from the client's side on; empty
 *     where one point only saw it
 */
public record TracedConnection(int id, PerPoint<Connection> at, List<PairedConnection> pairs) {
  public TracedConnection {
    pairs = List.copyOf(pairs);
  }

  /** Whether no more than one point saw it. */
  public boolean isOneSided() {
    return pairs.isEmpty();
  }

  /** What the weakest of its pairings rests on; empty where there is none. */
  public List<String> matchedBy() {
    return pairs.stream()
        .min((a, b) -> Double.compare(a.confidence(), b.confidence()))
        .map(PairedConnection::matchedBy)
        .orElse(List.of());
  }

  /** How sure the weakest of its pairings is, 0 to 1; 0 where there is none. */
  public double confidence() {
    return pairs.stream().mapToDouble(PairedConnection::confidence).min().orElse(0);
  }
}
