package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what rules find. */
public final class Findings {
  private final Map<Finding, List<Occurrence>> occurrences = new LinkedHashMap<>();

  /**
   * A finding and all places where it stands.
   *
   * @param finding what was found
   * @param occurrences where, in the order in which they were found; at least one
   */
  public record Reported(Finding finding, List<Occurrence> occurrences) {
    /** Keeps a copy of the list. */
    public Reported {
      occurrences = List.copyOf(occurrences);
    }
  }

  /** Adds a place to a finding, which is made where it is new. */
  public void add(Finding finding, Occurrence occurrence) {
    occurrences.computeIfAbsent(finding, key -> new ArrayList<>(1)).add(occurrence);
  }

  /** Adds all that others hold. */
  void addAll(Findings others) {
    others.occurrences.forEach(
        (finding, places) -> places.forEach(occurrence -> add(finding, occurrence)));
  }

  /** What was found: the severest first, then in the order of the rules. */
  public List<Reported> reported() {
    List<Reported> reported = new ArrayList<>(occurrences.size());
    occurrences.forEach((finding, places) -> reported.add(new Reported(finding, places)));
    reported.sort((a, b) -> b.finding().severity().compareTo(a.finding().severity()));
    return reported;
  }
}
