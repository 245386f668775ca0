package org.mssbridge.report;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.LegOverTime;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Occurrence;

/**
 * Which connections a page holds: of very many the first of each finding, those with charts, and
 * the largest. A browser cannot open a page that grows with the captures; the JSON report has all.
 */
final class PageScope {
  /** Connections, flows, and occurrences of each finding: the page then has some 50 MB. */
  private static final int MOST_IN_PAGE = 10_000;

  /** One in so many is for the first connections of findings, in equal shares. */
  private static final int SHARE_OF_FINDINGS = 2;

  /** All there is, as in a JSON report. */
  static final PageScope ALL = new PageScope(null, Integer.MAX_VALUE);

  /** By number; null for all. */
  private final BitSet connections;

  private final int most;

  private PageScope(BitSet connections, int most) {
    this.connections = connections;
    this.most = most;
  }

  /** What the page of a report holds. */
  static PageScope of(Report report) {
    return of(report, MOST_IN_PAGE);
  }

  /**
   * What a page holds.
   *
   * @param most so many of everything that there may be very many of
   */
  static PageScope of(Report report, int most) {
    List<TracedConnection> all = report.evidence().comparison().connections();
    if (all.size() <= most) {
      return new PageScope(null, most);
    }
    BitSet chosen = new BitSet();
    for (LegOverTime series : report.evidence().overTime().legs()) {
      series.connection().ifPresent(chosen::set);
    }
    int share = most / SHARE_OF_FINDINGS / Math.max(1, report.findings().size());
    for (Findings.Reported reported : report.findings()) {
      reported.occurrences().stream()
          .limit(Math.max(1, share))
          .forEach(occurrence -> occurrence.connection().ifPresent(chosen::set));
    }
    all.stream()
        .filter(traced -> !chosen.get(traced.id()))
        .sorted(Comparator.comparingLong(PageScope::segments).reversed())
        .limit(Math.max(0, most - chosen.cardinality()))
        .toList()
        .forEach(traced -> chosen.set(traced.id()));
    return new PageScope(chosen, most);
  }

  private static long segments(TracedConnection traced) {
    return traced.at().points().stream()
        .mapToLong(point -> traced.at().at(point).orElseThrow().segments())
        .sum();
  }

  /** Whether all connections are in it. */
  boolean isWhole() {
    return connections == null;
  }

  /** How many flows besides TCP are in it, at most. */
  int mostFlows() {
    return most;
  }

  /** Whether a connection is in it, by its number. */
  boolean holds(int connection) {
    return connections == null || connections.get(connection);
  }

  /** A finding with those of its occurrences that are in it. */
  Findings.Reported cut(Findings.Reported reported) {
    if (connections == null && reported.occurrences().size() <= most) {
      return reported;
    }
    List<Occurrence> some =
        reported.occurrences().stream()
            .filter(
                occurrence ->
                    occurrence.connection().isEmpty() || holds(occurrence.connection().getAsInt()))
            .limit(most)
            .toList();
    return new Findings.Reported(reported.finding(), some, reported.place());
  }
}
