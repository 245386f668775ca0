package org.mssbridge.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Outage;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Leg;

/**
 * The outages of a leg in which data is lost that nothing else explains.
 *
 * @param all in the order of time
 * @param dataSegments how many of the lost data segments are in them
 */
record Outages(List<Outage> all, int dataSegments) {
  Outages {
    all = List.copyOf(all);
  }

  static final Outages NONE = new Outages(List.of(), 0);

  static Outages of(Evidence evidence, List<Passage> passages, LossReasons reasons) {
    List<Outage> found = Outage.of(evidence, passages);
    if (found.isEmpty()) {
      return NONE;
    }
    Set<Integer> lost = new HashSet<>();
    Set<Integer> explained = new HashSet<>();
    for (Passage passage : passages) {
      Alignment alignment = passage.alignment();
      Map<Integer, LossReasons.Reason> known = reasons.of(passage);
      for (int index : alignment.lost().index()) {
        int frame = passage.near().table().frame(alignment.near().row()[index]);
        (known.containsKey(index) ? explained : lost).add(frame);
      }
    }
    List<Outage> all =
        found.stream()
            .filter(outage -> outage.frames().stream().anyMatch(lost::contains))
            .filter(outage -> outage.frames().stream().noneMatch(explained::contains))
            .toList();
    return new Outages(
        all,
        (int)
            all.stream()
                .flatMap(outage -> outage.frames().stream())
                .filter(lost::contains)
                .count());
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Whether all these frames at the near point left in one of the outages. */
  boolean contain(List<Integer> frames) {
    return frames.stream()
        .allMatch(frame -> all.stream().anyMatch(outage -> outage.frames().contains(frame)));
  }

  private Outage longest() {
    return all.stream().max((one, other) -> Long.compare(one.nanos(), other.nanos())).orElseThrow();
  }

  /** What follows a count of lost data segments; empty where there is no outage. */
  String words(int lostSegments) {
    if (isEmpty()) {
      return "";
    }
    return String.format(
        ", %s of them in %s: nothing crosses for at least %s%s",
        dataSegments == lostSegments ? "all" : Integer.toString(dataSegments),
        all.size() == 1 ? "an outage" : all.size() + " outages",
        Words.seconds(longest().nanos()),
        all.size() == 1 ? "" : " in the longest");
  }

  /** When it was, for those who look into logs, such as {@code from 1.02 s to 4.97 s of …}. */
  String when(Leg leg) {
    return String.format(
        Locale.ROOT,
        "from %.2f s to %.2f s of the capture at %s",
        longest().fromNanos() / 1e9,
        longest().untilNanos() / 1e9,
        leg.near());
  }

  Facts addTo(Facts facts) {
    return isEmpty()
        ? facts
        : facts
            .and("outages", all.size())
            .and("outage_segments", dataSegments)
            .and("longest_outage_ms", longest().nanos() / 1_000_000);
  }

  /** What to do about them. */
  String nextStep(Leg leg) {
    return "look for what went down "
        + leg.between()
        + " "
        + when(leg)
        + ": a link, a failover, a restart (logs and interface counters of the devices)";
  }
}
