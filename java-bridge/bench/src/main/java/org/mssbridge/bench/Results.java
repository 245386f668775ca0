package org.mssbridge.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The table of one pair of captures, printed as Markdown while it is measured. */
final class Results {
  private final Map<String, Cost> rows = new LinkedHashMap<>();
  private boolean hasTargets;

  Results(String title) {
    System.out.printf("%n## %s%n%n", title);
    System.out.println("| | wall s | CPU s | peak MiB |");
    System.out.println("|---|---:|---:|---:|");
  }

  /** Prints the row of a run. */
  Cost add(String name, Cost cost) {
    rows.put(name, cost);
    System.out.printf(
        Locale.ROOT,
        "| %s | %s%.2f | %.2f | %d%s |%n",
        name,
        cost.state() == Cost.State.TOO_SLOW ? "more than " : "",
        cost.wallSeconds(),
        cost.cpuSeconds(),
        cost.peakMib(),
        cost.state() == Cost.State.FAILED ? " FAILED" : "");
    return cost;
  }

  /**
   * Prints a number that has a target.
   *
   * @param most the largest value that meets it
   */
  void target(String name, double value, double most) {
    if (!hasTargets) {
      hasTargets = true;
      System.out.printf("%n| | measured | at most | |%n|---|---:|---:|---|%n");
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %s | %s |%n",
        name,
        value,
        String.format(Locale.ROOT, most < 1 ? "%.3f" : "%.1f", most).replaceAll("\\.?0+$", ""),
        value <= most ? "" : "missed");
  }

  boolean allDone(String prefix) {
    return rows.entrySet().stream()
        .filter(row -> row.getKey().startsWith(prefix))
        .allMatch(row -> row.getValue().isDone());
  }
}
