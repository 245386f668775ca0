package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.Direction;

/**
 * All passages of a comparison.
 *
 * @param all in the order of the pairs, client to server before server to client
 * @param byLeg the passages for each leg, in the order in which legs first occur
 * @param across those past points whose captures cannot judge them, with these segments only, where
 *     some of them are lost
 */
record Passages(
    List<Passage> all, Map<Leg, List<Passage>> byLeg, Map<PastPoints, List<Passage>> across) {
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
    return new Passages(all, byLeg, across(evidence));
  }

  private static Map<PastPoints, List<Passage>> across(Evidence evidence) {
    Map<PastPoints, List<Passage>> across = new LinkedHashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      if (traced.pairs().stream().anyMatch(pair -> evidence.middlebox(pair).endsConnections())) {
        continue; // What is lost before a proxy is not what is lost after it.
      }
      for (PairedConnection pair : traced.across()) {
        for (Direction direction : Direction.values()) {
          if (pair.alignment(direction).near().size() > 0) {
            PastPoints key = PastPoints.of(traced, pair, direction);
            across.computeIfAbsent(key, each -> new ArrayList<>()).add(Passage.of(pair, key.leg()));
          }
        }
      }
    }
    across
        .values()
        .removeIf(each -> each.stream().allMatch(one -> one.alignment().lost().size() == 0));
    return across;
  }
}
