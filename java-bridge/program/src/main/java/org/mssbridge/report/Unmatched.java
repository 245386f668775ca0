package org.mssbridge.report;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Numbers;

/**
 * The connections that only one of several captures has, and that no finding says this of: they
 * were not compared. Either another capture covers their time and does not have them, or none does.
 */
final class Unmatched {
  private final Comparison comparison;

  /** Connections that a finding says it of. */
  private final BitSet said = new BitSet();

  private Unmatched(Report report) {
    comparison = report.evidence().comparison();
    for (Reported reported : report.findings()) {
      if (reported.finding().saysUnmatched()) {
        reported.occurrences().forEach(occurrence -> occurrence.connection().ifPresent(said::set));
      }
    }
  }

  /**
   * Such as {@code 4 more are only at client (another path or a capture filter): not compared};
   * empty where there is none.
   */
  static String words(Report report) {
    return report.evidence().comparison().captures().size() < 2
        ? ""
        : new Unmatched(report).words();
  }

  /** Whether there is a connection at a time that no other capture covers. */
  static boolean isAnyUncovered(Report report) {
    Unmatched unmatched = new Unmatched(report);
    return report.evidence().comparison().path().stream()
        .map(PointCapture::point)
        .anyMatch(point -> unmatched.new Side(point).uncovered > 0);
  }

  private String words() {
    List<String> parts = new ArrayList<>();
    for (PointCapture capture : comparison.path()) {
      new Side(capture.point()).words(parts);
    }
    return parts.isEmpty() ? "" : String.join("; ", parts) + ": not compared";
  }

  /** Whether a connection is at this point only, and surely not at another one. */
  private boolean isUnmatched(TracedConnection traced, CapturePoint point) {
    if (!traced.isOneSided()) {
      return false;
    }
    Connection seen = traced.at().at(point).orElse(null);
    return seen != null && !said.get(traced.id()) && !comparison.isAmbiguous(point, seen.stream());
  }

  private boolean isCovered(Connection seen, CapturePoint point) {
    return comparison.captures().stream()
        .anyMatch(other -> !other.point().equals(point) && isCovered(seen, point, other));
  }

  /** Whether another capture runs at some time between its first and last segment. */
  private boolean isCovered(Connection seen, CapturePoint point, PointCapture other) {
    if (!other.extent().hasTime() || !seen.clientToServer().table().isTimed()) {
      return true; // Nothing shows that it is of another time.
    }
    long first = comparison.timeAt(other.point(), point, seen.firstTimeNanos());
    long last = comparison.timeAt(other.point(), point, lastNanos(seen));
    return first <= other.coverage().untilNanos() && last >= other.coverage().fromNanos();
  }

  private static long lastNanos(Connection seen) {
    long last = seen.firstTimeNanos();
    for (Direction direction : Direction.values()) {
      Flow flow = seen.flow(direction);
      if (flow.lastRow() >= 0) {
        last = Math.max(last, flow.table().timeNanos(flow.lastRow()));
      }
    }
    return last;
  }

  /** The unmatched connections of a point: between hosts whose others are matched, and the rest. */
  private final class Side {
    private final CapturePoint point;
    private final Set<String> clients = new HashSet<>();
    private final Set<String> servers = new HashSet<>();

    /** Servers that have another address at another point: there may be several behind it. */
    private final Set<String> translated = new HashSet<>();

    private int alike;
    private int others;

    /** Those at a time that no other capture covers, by clocks that matched connections show. */
    private int uncovered;

    private boolean isTranslated;

    Side(CapturePoint point) {
      this.point = point;
      List<TracedConnection> unmatched =
          comparison.connections().stream().filter(traced -> isUnmatched(traced, point)).toList();
      if (unmatched.isEmpty()) {
        return; // The hosts of the others, of which there may be millions, do not matter.
      }
      for (TracedConnection traced : comparison.connections()) {
        if (!traced.isOneSided() && traced.at().at(point).isPresent()) {
          add(traced);
        }
      }
      unmatched.forEach(traced -> count(traced.at().at(point).orElseThrow()));
    }

    private void add(TracedConnection matched) {
      Connection seen = matched.at().at(point).orElseThrow();
      Function<CapturePoint, String> server =
          other -> matched.at().at(other).orElseThrow().server().address();
      clients.add(seen.client().address());
      servers.add(seen.server().address());
      if (matched.at().points().stream()
          .anyMatch(other -> !server.apply(other).equals(seen.server().address()))) {
        translated.add(seen.server().address());
      }
    }

    private void count(Connection seen) {
      String server = seen.server().address();
      if (!isCovered(seen, point)) {
        uncovered += comparison.pairs().isEmpty() ? 0 : 1;
      } else if (clients.contains(seen.client().address()) && servers.contains(server)) {
        alike++;
        isTranslated |= translated.contains(server);
      } else {
        others++;
      }
    }

    void words(List<String> parts) {
      if (alike > 0) {
        parts.add(
            String.format(
                "%s more between the same hosts %s only at %s (%sanother path or a capture filter)",
                Numbers.grouped(alike),
                alike == 1 ? "is" : "are",
                point,
                isTranslated ? "another backend, " : ""));
      }
      if (others > 0) {
        parts.add(
            String.format(
                "%s%s %s only at %s",
                Numbers.grouped(others),
                servers.isEmpty() ? "" : " between other hosts",
                others == 1 ? "is" : "are",
                point));
      }
      if (uncovered > 0) {
        parts.add(
            String.format(
                "%s %s only at %s, at a time that %s",
                Numbers.grouped(uncovered),
                uncovered == 1 ? "is" : "are",
                point,
                notCovered(comparison, point)));
      }
    }
  }

  /** What covers no time of something at a point: such as {@code server does not cover}. */
  static String notCovered(Comparison comparison, CapturePoint point) {
    List<CapturePoint> others =
        comparison.path().stream()
            .map(PointCapture::point)
            .filter(each -> !each.equals(point))
            .toList();
    return others.size() > 1 ? "no other capture covers" : others.get(0) + " does not cover";
  }
}
