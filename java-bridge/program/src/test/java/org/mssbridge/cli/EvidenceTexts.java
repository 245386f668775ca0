package org.mssbridge.cli;

import static org.mssbridge.cli.ReportOf.maps;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The texts for and against each cause in many reports. A text that measures something has a number
 * in it; one without a number must be absent from some report that names its cause.
 */
final class EvidenceTexts {
  private final Map<String, Integer> causes = new HashMap<>();
  private final Map<String, Map<String, Integer>> texts = new HashMap<>();
  private int reports;

  synchronized void add(ReportOf report) {
    reports++;
    for (Map<String, Object> finding : report.findings()) {
      for (Map<String, Object> cause : maps(finding.getOrDefault("causes", List.of()))) {
        String name =
            finding.get("code") + ": " + String.valueOf(cause.get("cause")).replaceAll("\\d+", "N");
        causes.merge(name, 1, Integer::sum);
        for (String side : List.of("for", "against")) {
          count(name, side, cause.get(side));
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  private void count(String name, String side, Object list) {
    Set<String> unique = new HashSet<>((List<String>) list);
    unique.removeIf(text -> text.replaceAll("c2s|s2c|IPv[46]", "").matches(".*\\d.*"));
    for (String text : unique) {
      texts
          .computeIfAbsent(name, each -> new HashMap<>())
          .merge(side + " " + text, 1, Integer::sum);
    }
  }

  int reports() {
    return reports;
  }

  /** The texts without a number that were there each time their cause was named. */
  Set<String> constants() {
    Set<String> constants = new TreeSet<>();
    texts.forEach(
        (name, counts) ->
            counts.forEach(
                (text, count) -> {
                  if (count.equals(causes.get(name))) {
                    constants.add(name + ": " + text);
                  }
                }));
    return constants;
  }
}
