package org.mssbridge.finding;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mssbridge.model.Severity;

/** Collects the findings of rules. */
public final class Findings {
  private final Map<Finding, OccurrenceList> occurrences = new LinkedHashMap<>();

  private final List<Checked> checked = new ArrayList<>();

  // Rules visit one connection after another and mostly repeat one of their last two findings,
  // one for each direction. Comparing with these is cheaper than hashing a finding and its causes.
  private Entry last = new Entry(null, new OccurrenceList());
  private Entry secondToLast = last;

  private record Entry(Finding finding, OccurrenceList occurrences) {}

  /**
   * A finding and all its occurrences.
   *
   * @param finding the finding
   * @param occurrences at least one, in the order in which rules added them
   * @param place the severity among whose findings it is reported: its own, or a higher one of a
   *     finding that it explains
   */
  public record Reported(Finding finding, List<Occurrence> occurrences, Severity place) {
    public Reported {
      occurrences = OccurrenceList.of(occurrences);
    }

    /** A finding in the place of its own severity. */
    public Reported(Finding finding, List<Occurrence> occurrences) {
      this(finding, occurrences, finding.standing());
    }
  }

  /** Adds an occurrence of a finding. */
  public void add(Finding finding, Occurrence occurrence) {
    if (!finding.equals(last.finding())) {
      Entry known = secondToLast;
      if (!finding.equals(known.finding())) {
        known = new Entry(finding, of(finding));
      }
      secondToLast = last;
      last = known;
    }
    last.occurrences().append(occurrence);
  }

  /** Adds occurrences of a finding; an empty list adds nothing. */
  public void add(Finding finding, List<Occurrence> added) {
    if (!added.isEmpty()) {
      added.forEach(of(finding)::append);
    }
  }

  private OccurrenceList of(Finding finding) {
    return occurrences.computeIfAbsent(finding, key -> new OccurrenceList());
  }

  /**
   * Notes what a rule checked and did not find, so that readers need not check it again.
   *
   * @param kinds the kinds of finding that it would have been
   * @param what the subject in a few words, such as {@code lost data}
   * @param line one line with the numbers behind it
   */
  public void checked(List<Kind> kinds, String what, String line) {
    checked.add(new Checked(kinds, what, line));
  }

  /**
   * Notes one line on what the captures cannot show, so that its absence is not taken for proof.
   */
  public void unknown(String line) {
    checked.add(new Checked(List.of(), "", line));
  }

  /** What rules checked and did not find, in the order of the rules. */
  public List<Checked> checked() {
    return List.copyOf(checked);
  }

  /** Adds everything that other findings hold, which are not added to afterwards. */
  public void addAll(Findings others) {
    checked.addAll(others.checked);
    others.occurrences.forEach(
        (finding, added) -> {
          if (occurrences.putIfAbsent(finding, added) != null) {
            add(finding, added);
          }
        });
  }

  /**
   * All findings: the most severe first, then in the order of the rules, but each after those that
   * explain it.
   */
  public List<Reported> reported() {
    List<Reported> reported = new ArrayList<>(occurrences.size());
    occurrences.forEach((finding, added) -> reported.add(new Reported(finding, added)));
    reported.sort((a, b) -> b.place().compareTo(a.place()));
    Map<Kind, List<Reported>> byKind = new LinkedHashMap<>();
    reported.forEach(
        one -> byKind.computeIfAbsent(one.finding().kind(), key -> new ArrayList<>()).add(one));
    Map<Finding, Reported> ordered = new LinkedHashMap<>();
    Set<Kind> entered = new HashSet<>();
    reported.forEach(one -> addAfterExplanations(one, one.place(), byKind, entered, ordered));
    return List.copyOf(ordered.values());
  }

  private static void addAfterExplanations(
      Reported one,
      Severity place,
      Map<Kind, List<Reported>> byKind,
      Set<Kind> entered,
      Map<Finding, Reported> ordered) {
    for (Explanation explanation : one.finding().because()) {
      if (entered.add(explanation.by())) {
        byKind
            .getOrDefault(explanation.by(), List.of())
            .forEach(other -> addAfterExplanations(other, place, byKind, entered, ordered));
      }
    }
    ordered.putIfAbsent(one.finding(), new Reported(one.finding(), one.occurrences(), place));
  }
}
