package org.mssbridge.rule;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mssbridge.evidence.IdentifiedSegments;
import org.mssbridge.evidence.LevelShift;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.Ttl;
import org.mssbridge.finding.Facts;
import org.mssbridge.flow.SegmentTable;

/**
 * Another number of routers from some time on, by how much the TTL of the same packets falls.
 *
 * @param before routers until then
 * @param after routers from then on
 */
record HopChange(int before, int after) {
  /** Packets on their way at that time, and those of another route, are no more than this part. */
  private static final int FEW = 20;

  /**
   * The change of a leg; empty where most packets do not pass one number of routers before and
   * another one after.
   *
   * @param atNanos the time on the clock of the near point
   */
  static Optional<HopChange> of(List<Passage> passages, long atNanos) {
    Map<Integer, Integer> before = new TreeMap<>();
    Map<Integer, Integer> after = new TreeMap<>();
    for (Passage passage : passages) {
      SegmentTable near = passage.near().table();
      SegmentTable far = passage.far().table();
      IdentifiedSegments.of(
          passage.pair(),
          passage.direction(),
          (nearRow, farRow) ->
              (near.timeNanos(nearRow) < atNanos ? before : after)
                  .merge(near.ttl(nearRow) - far.ttl(farRow), 1, Integer::sum));
    }
    Optional<Integer> first = usual(before);
    Optional<Integer> then = usual(after);
    return first.isEmpty() || then.isEmpty() || first.equals(then)
        ? Optional.empty()
        : Optional.of(new HopChange(first.get(), then.get()));
  }

  /** The fall of nearly all packets; empty where there is none, or routers do not explain it. */
  private static Optional<Integer> usual(Map<Integer, Integer> falls) {
    int all = falls.values().stream().mapToInt(Integer::intValue).sum();
    return falls.entrySet().stream()
        .filter(fall -> all >= LevelShift.LEAST_VALUES && FEW * (all - fall.getValue()) <= all)
        .map(Map.Entry::getKey)
        .filter(fall -> fall >= 0 && !Ttl.isReset(fall))
        .findAny();
  }

  /** Such as {@code , and from then on the TTL falls by 8 instead of 5: another route}. */
  String words() {
    return String.format(
        ", and from then on the TTL falls by %d instead of %d: packets take another route",
        after, before);
  }

  /** Its facts, added to others. */
  Facts addTo(Facts facts) {
    return facts.and("hops_before", before).and("hops_after", after);
  }
}
