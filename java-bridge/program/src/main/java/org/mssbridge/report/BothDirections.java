package org.mssbridge.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.finding.Leg;

/**
 * Findings as entries of a list: two findings about opposite directions between the same two points
 * are one entry, if they have the same code and severity, and no third one has. Where there are
 * more of them, those with the same values belong together, if there are two of these.
 */
final class BothDirections {
  private BothDirections() {}

  /** The entries, each in the place of its first finding, with one or two findings. */
  static List<List<Reported>> of(List<Reported> findings) {
    Map<Object, List<Reported>> byPlace = new HashMap<>();
    Map<Object, List<Reported>> byChange = new HashMap<>();
    for (Reported reported : findings) {
      add(byPlace, place(reported.finding()), reported);
      add(byChange, change(reported.finding()), reported);
    }
    Map<Object, List<Reported>> entries = new LinkedHashMap<>();
    for (Reported reported : findings) {
      Finding finding = reported.finding();
      if (isBothDirections(byPlace.get(place(finding)))) {
        add(entries, place(finding), reported);
      } else if (isBothDirections(byChange.get(change(finding)))) {
        add(entries, change(finding), reported);
      } else {
        add(entries, finding, reported);
      }
    }
    return entries.values().stream().map(List::copyOf).toList();
  }

  private static void add(Map<Object, List<Reported>> lists, Object key, Reported reported) {
    lists.computeIfAbsent(key, k -> new ArrayList<>()).add(reported);
  }

  private static boolean isBothDirections(List<Reported> alike) {
    return alike.size() == 2
        && alike.get(0).finding().leg().isPresent()
        && alike.get(0).finding().direction().isPresent()
        && isOpposite(
            alike.get(0).finding().leg().get(), alike.get(1).finding().leg().orElseThrow());
  }

  /** Code, severity and points; the finding itself where it has no leg. */
  private static Object place(Finding finding) {
    return finding
        .leg()
        .<Object>map(
            leg -> List.of(finding.kind(), finding.severity(), Set.of(leg.near(), leg.far())))
        .orElse(finding);
  }

  /** The same, with the values. */
  private static Object change(Finding finding) {
    return List.of(place(finding), finding.change());
  }

  private static boolean isOpposite(Leg one, Leg other) {
    return one.near().equals(other.far())
        && one.far().equals(other.near())
        && one.direction() != other.direction();
  }
}
