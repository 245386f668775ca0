package org.mssbridge.diff;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

/** The numbers of two reports beside each other: sizes, losses, delays. */
final class DiffRows {
  private static final String MILLISECONDS = "_ms";

  /** Sums and extremes grow with the length of a capture; these do not. */
  private static final List<String> COMPARABLE =
      List.of("least_ms", "median_ms", "percentile_95_ms", "variation_ms");

  private static final String LEAST = "least_ms";
  private static final String VARIATION = "variation_ms";

  /** Facts of what the finding's own times are a part of: several findings have the same. */
  private static final String WHOLE = "wait_";

  private static final String UNCERTAINTY = "uncertainty_ms";

  /** A time that changes by less than a tenth is the same. */
  private static final double NOTABLE = 0.1;

  private final SavedReport good;
  private final SavedReport bad;
  private final Set<String> wholes = new LinkedHashSet<>();
  private final List<ReportDiff.Row> rows = new ArrayList<>();

  private DiffRows(SavedReport good, SavedReport bad) {
    this.good = good;
    this.bad = bad;
  }

  static List<ReportDiff.Row> of(SavedReport good, SavedReport bad) {
    DiffRows rows = new DiffRows(good, bad);
    rows.extent();
    rows.sizes();
    rows.losses();
    rows.times();
    return rows.rows;
  }

  private void add(String name, Function<SavedReport, String> value) {
    rows.add(
        new ReportDiff.Row(name, value.apply(good), value.apply(bad), ReportDiff.Difference.NONE));
  }

  private void extent() {
    add("connections matched", report -> count(report.matched()));
    for (String point : points()) {
      if (oneSided(good, point) + oneSided(bad, point) > 0) {
        add("connections seen at " + point + " only", report -> count(oneSided(report, point)));
      }
    }
    for (String point : points()) {
      add(
          "packets at " + point,
          report -> capture(report, point).map(c -> count(c.packets()) + during(c)).orElse(""));
    }
  }

  private Set<String> points() {
    Set<String> points = new LinkedHashSet<>();
    good.captures().forEach(capture -> points.add(capture.point()));
    bad.captures().forEach(capture -> points.add(capture.point()));
    return points;
  }

  private static long oneSided(SavedReport report, String point) {
    return report.oneSided().getOrDefault(point, 0L);
  }

  private static Optional<SavedReport.Capture> capture(SavedReport report, String point) {
    return report.captures().stream().filter(c -> c.point().equals(point)).findFirst();
  }

  private static String during(SavedReport.Capture capture) {
    if (capture.first().isEmpty() || capture.last().isEmpty()) {
      return "";
    }
    long millis = Duration.between(capture.first().get(), capture.last().get()).toMillis();
    return " in " + time((double) millis);
  }

  private void sizes() {
    Set<SavedReport.MssPlace> places = new TreeSet<>(good.mss().keySet());
    places.addAll(bad.mss().keySet());
    for (SavedReport.MssPlace place : places) {
      String before = mss(good, place);
      String after = mss(bad, place);
      boolean isKnown = !before.isEmpty() && !after.isEmpty();
      rows.add(
          new ReportDiff.Row(
              "MSS " + place.direction().words() + " at " + place.point(),
              before,
              after,
              !isKnown || before.equals(after)
                  ? ReportDiff.Difference.NONE
                  : ReportDiff.Difference.SURE));
    }
  }

  /** The most frequent values. */
  private static String mss(SavedReport report, SavedReport.MssPlace place) {
    List<String> values =
        report.mssAt(place).stream().map(Map.Entry::getKey).map(String::valueOf).toList();
    return values.size() <= 3
        ? String.join(", ", values)
        : String.join(", ", values.subList(0, 3)) + " and " + (values.size() - 3) + " more";
  }

  private void losses() {
    Set<SavedReport.Leg> legs = new LinkedHashSet<>(good.arrivals().keySet());
    legs.addAll(bad.arrivals().keySet());
    for (SavedReport.Leg leg : legs) {
      SavedReport.Arrivals before = good.arrivals().get(leg);
      SavedReport.Arrivals after = bad.arrivals().get(leg);
      if (compared(before) + compared(after) == 0) {
        continue;
      }
      rows.add(
          new ReportDiff.Row(
              "data segments lost " + leg.direction().words() + between(leg.near(), leg.far()),
              before == null ? "" : lost(before),
              after == null ? "" : lost(after),
              before == null || after == null
                  ? ReportDiff.Difference.NONE
                  : difference(before, after)));
      if ((before != null && before.missedByCapture() > 0)
          || (after != null && after.missedByCapture() > 0)) {
        add(
            "data segments that the capture at " + leg.far() + " missed",
            report ->
                Optional.ofNullable(report.arrivals().get(leg))
                    .map(a -> count(a.missedByCapture()))
                    .orElse(""));
      }
    }
  }

  private static long compared(SavedReport.Arrivals arrivals) {
    return arrivals == null ? 0 : arrivals.compared();
  }

  private static String lost(SavedReport.Arrivals arrivals) {
    String of = count(arrivals.lost()) + " of " + count(arrivals.compared());
    return arrivals.lost() == 0 ? of : of + " (" + percent(arrivals) + " %)";
  }

  private static String percent(SavedReport.Arrivals arrivals) {
    double percent = 100.0 * arrivals.lost() / arrivals.compared();
    return percent < 0.01
        ? "< 0.01"
        : String.format(Locale.ROOT, percent < 1 ? "%.2f" : "%.1f", percent);
  }

  /**
   * Compares two rates: with so few segments the numbers say nothing, and two rates of which each
   * is within three standard deviations of the other's counts (Poisson) are the same.
   */
  static ReportDiff.Difference difference(SavedReport.Arrivals one, SavedReport.Arrivals other) {
    if (one.lost() == 0 && other.lost() == 0) {
      return ReportDiff.Difference.NONE;
    }
    double oneRate = (double) one.lost() / Math.max(1, one.compared());
    double otherRate = (double) other.lost() / Math.max(1, other.compared());
    SavedReport.Arrivals less = oneRate <= otherRate ? one : other;
    double rate = Math.max(oneRate, otherRate);
    if (ReportDiff.isTooFew(rate, less.compared())) {
      return ReportDiff.Difference.TOO_FEW;
    }
    if (less.lost() == 0) {
      return ReportDiff.Difference.SURE;
    }
    double variance =
        oneRate / Math.max(1, one.compared()) + otherRate / Math.max(1, other.compared());
    return Math.abs(oneRate - otherRate) > 3 * Math.sqrt(variance)
        ? ReportDiff.Difference.SURE
        : ReportDiff.Difference.NONE;
  }

  /** Times of what is recorded rather than found wrong: delays, waits. */
  private void times() {
    Map<SavedFinding.Place, SavedFinding> before = timed(good);
    Map<SavedFinding.Place, SavedFinding> after = timed(bad);
    Set<SavedFinding.Place> places = new LinkedHashSet<>(before.keySet());
    places.addAll(after.keySet());
    for (SavedFinding.Place place : places) {
      if (place.direction().equals(Optional.of(Direction.C2S))) {
        roundTrip(place, before, after);
      }
    }
    for (SavedFinding.Place place : places) {
      Set<String> names = new TreeSet<>();
      Optional.ofNullable(before.get(place)).ifPresent(f -> names.addAll(f.numbers().keySet()));
      Optional.ofNullable(after.get(place)).ifPresent(f -> names.addAll(f.numbers().keySet()));
      names.removeIf(name -> COMPARABLE.stream().noneMatch(name::endsWith));
      for (String name : names) {
        if (!name.startsWith(WHOLE)) {
          time(place, name, before.get(place), after.get(place));
        } else if (wholes.add(name)) {
          time(place, name, having(name, before), having(name, after));
        }
      }
    }
  }

  /** Any finding with that fact, null for none. */
  private static SavedFinding having(String name, Map<SavedFinding.Place, SavedFinding> timed) {
    return timed.values().stream()
        .filter(finding -> finding.numbers().containsKey(name))
        .findFirst()
        .orElse(null);
  }

  /** How the delay divides between the directions depends on the clocks; its sum does not. */
  private void roundTrip(
      SavedFinding.Place there,
      Map<SavedFinding.Place, SavedFinding> before,
      Map<SavedFinding.Place, SavedFinding> after) {
    SavedFinding.Place back = there.reverse();
    Optional<Double> one = sum(LEAST, before.get(there), before.get(back));
    Optional<Double> other = sum(LEAST, after.get(there), after.get(back));
    if (one.isEmpty() && other.isEmpty()) {
      return;
    }
    rows.add(
        new ReportDiff.Row(
            "round trip between " + there.near() + " and " + there.far() + ": least",
            one.map(DiffRows::time).orElse(""),
            other.map(DiffRows::time).orElse(""),
            one.isPresent() && other.isPresent() && isNotable(one.get(), other.get(), 0)
                ? ReportDiff.Difference.SURE
                : ReportDiff.Difference.NONE));
  }

  private static Optional<Double> sum(String name, SavedFinding one, SavedFinding other) {
    return one == null
            || other == null
            || !one.numbers().containsKey(name)
            || !other.numbers().containsKey(name)
        ? Optional.empty()
        : Optional.of(one.numbers().get(name) + other.numbers().get(name));
  }

  private static boolean isNotable(double one, double other, double uncertainty) {
    double difference = Math.abs(one - other);
    return difference > uncertainty && difference > NOTABLE * Math.max(one, other);
  }

  private void time(
      SavedFinding.Place place, String name, SavedFinding before, SavedFinding after) {
    Double one = before == null ? null : before.numbers().get(name);
    Double other = after == null ? null : after.numbers().get(name);
    boolean isNotable =
        one != null
            && other != null
            && isNotable(one, other, uncertainty(before, name) + uncertainty(after, name));
    rows.add(
        new ReportDiff.Row(
            (name.startsWith(WHOLE) ? "request" : place.code())
                + place.direction().map(d -> ", " + d.words()).orElse("")
                + between(place.near(), place.far())
                + ": "
                + name.substring(0, name.length() - MILLISECONDS.length()).replace('_', ' '),
            one == null ? "" : time(one) + plusMinus(before, name),
            other == null ? "" : time(other) + plusMinus(after, name),
            isNotable ? ReportDiff.Difference.SURE : ReportDiff.Difference.NONE));
  }

  /** A clock's offset is in all delays alike, so not in how they vary. */
  private static double uncertainty(SavedFinding finding, String name) {
    return name.equals(VARIATION) ? 0 : finding.numbers().getOrDefault(UNCERTAINTY, 0.0);
  }

  private static String plusMinus(SavedFinding finding, String name) {
    double uncertainty = uncertainty(finding, name);
    return uncertainty == 0 ? "" : " ± " + time(uncertainty);
  }

  /** What is at most a note and has a time; of several at one place none. */
  private static Map<SavedFinding.Place, SavedFinding> timed(SavedReport report) {
    Map<SavedFinding.Place, SavedFinding> timed = new LinkedHashMap<>();
    Set<SavedFinding.Place> twice = new LinkedHashSet<>();
    for (SavedFinding finding : report.findings()) {
      boolean hasTime = finding.numbers().keySet().stream().anyMatch(n -> n.endsWith(MILLISECONDS));
      if (hasTime
          && finding.severity().compareTo(Severity.NOTE) <= 0
          && timed.put(finding.place(), finding) != null) {
        twice.add(finding.place());
      }
    }
    timed.keySet().removeAll(twice);
    return timed;
  }

  /** The two points; with two points in all there is no need to name them. */
  private String between(String near, String far) {
    return near.isEmpty() || far.isEmpty() || points().size() <= 2
        ? ""
        : ", from " + near + " to " + far;
  }

  private static String time(double millis) {
    if (millis < 1) {
      return String.format(Locale.ROOT, "%.0f µs", millis * 1_000);
    }
    if (millis < 10_000) {
      return String.format(Locale.ROOT, millis < 100 ? "%.1f ms" : "%.0f ms", millis);
    }
    return String.format(Locale.ROOT, "%,.0f s", millis / 1_000);
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
