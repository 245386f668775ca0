package org.mssbridge.finding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what rules find. */
public final class Findings {
  private final Map<Finding, List<Occurrence>> occurrences = new LinkedHashMap<>();

  private final List<String> checked = new ArrayList<>();

  // Rules go from connection to connection and mostly find what they found last, in the one
  // direction or the other. That is told sooner than a finding with all its causes is hashed.
  private Places last = new Places(null, List.of());
  private Places lastButOne = last;

  private record Places(Finding finding, List<Occurrence> occurrences) {}

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
    if (!finding.equals(last.finding())) {
      Places known = lastButOne;
      if (!finding.equals(known.finding())) {
        known =
            new Places(finding, occurrences.computeIfAbsent(finding, key -> new ArrayList<>(1)));
      }
      lastButOne = last;
      last = known;
    }
    last.occurrences().add(occurrence);
  }

  /** Adds places to a finding, which is made where it is new and there is a place. */
  public void add(Finding finding, List<Occurrence> places) {
    if (!places.isEmpty()) {
      occurrences.computeIfAbsent(finding, key -> new ArrayList<>(places.size())).addAll(places);
    }
  }

  /** Notes in one line what was looked for and is not there, so that nobody needs to look again. */
  public void checked(String line) {
    checked.add(line);
  }

  /** What was looked for and is not there, in the order of the rules. */
  public List<String> checked() {
    return List.copyOf(checked);
  }

  /** Adds all that others hold. */
  public void addAll(Findings others) {
    checked.addAll(others.checked);
    others.occurrences.forEach(
        (finding, places) ->
            occurrences.computeIfAbsent(finding, key -> new ArrayList<>()).addAll(places));
  }

  /** What was found: the severest first, then in the order of the rules. */
  public List<Reported> reported() {
    List<Reported> reported = new ArrayList<>(occurrences.size());
    occurrences.forEach((finding, places) -> reported.add(new Reported(finding, places)));
    reported.sort((a, b) -> b.finding().severity().compareTo(a.finding().severity()));
    return reported;
  }
}
