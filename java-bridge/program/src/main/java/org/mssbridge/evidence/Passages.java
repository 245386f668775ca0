package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.Direction;

/**
 * All passages of a comparison.
 *
 * @param all in the order of the pairs, client to server before server to client
 * @param byLeg the passages for each leg, in the order in which legs first occur
 */
record Passages(List<Passage> all, Map<Leg, List<Passage>> byLeg) {
  static Passages of(Evidence evidence) {
    List<Passage> all = new ArrayList<>(2 * evidence.pairs().size());
    Map<Leg, List<Passage>> byLeg = new LinkedHashMap<>();
    for (PairedConnection pair : evidence.passedPairs()) {
      for (Direction direction : Direction.values()) {
        Leg leg = Legs.of(pair, direction);
        List<Passage> onLeg = byLeg.computeIfAbsent(leg, key -> new ArrayList<>());
        Passage passage = Passage.of(pair, onLeg.isEmpty() ? leg : onLeg.get(0).leg());
        all.add(passage);
        onLeg.add(passage);
      }
    }
    return new Passages(all, byLeg);
  }
}
