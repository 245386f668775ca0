package org.mssbridge.diff;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;

/**
 * How two reports differ.
 *
 * @param added findings of the second report that the first lacks, the most severe first
 * @param gone findings of the first that the second lacks
 * @param changed findings of both whose severity or words differ
 * @param alike findings of both that are the same
 * @param rows numbers of both beside each other
 * @param remarks what to bear in mind: the reports are less alike than they may look
 */
public record ReportDiff(
    SavedReport good,
    SavedReport bad,
    List<Single> added,
    List<Single> gone,
    List<Both> changed,
    List<SavedFinding> alike,
    List<Row> rows,
    List<String> remarks) {
  /**
   * At an unchanged rate the other report would show fewer than so many: with three expected, none
   * at all is seen in one of twenty cases (Poisson).
   */
  private static final double LEAST_EXPECTED = 3;

  /**
   * A finding that one report has.
   *
   * @param isChance whether the other report has too few connections or segments to show it
   */
  record Single(SavedFinding finding, boolean isChance) {}

  /** A finding that both have. */
  record Both(SavedFinding good, SavedFinding bad) {}

  /**
   * A number of both reports.
   *
   * @param good empty where the report does not have it
   * @param difference whether they differ, as far as they can tell
   */
  record Row(String name, String good, String bad, Difference difference) {}

  /** Whether two numbers differ. */
  enum Difference {
    NONE,
    SURE,
    TOO_FEW
  }

  public ReportDiff {
    added = List.copyOf(added);
    gone = List.copyOf(gone);
    changed = List.copyOf(changed);
    alike = List.copyOf(alike);
    rows = List.copyOf(rows);
    remarks = List.copyOf(remarks);
  }

  /** A report in a sentence: by the name of its file, with its folder if both have one name. */
  String name(SavedReport report) {
    return name(report, good, bad);
  }

  private static String name(SavedReport report, SavedReport good, SavedReport bad) {
    Path file = report.file();
    boolean isOwn = !Objects.equals(good.file().getFileName(), bad.file().getFileName());
    return Printable.of(isOwn ? file.getFileName() : file);
  }

  /** Compares two reports. */
  public static ReportDiff of(SavedReport good, SavedReport bad) {
    List<SavedFinding> left = new ArrayList<>(good.findings());
    List<SavedFinding> right = new ArrayList<>(bad.findings());
    List<Both> both = new ArrayList<>();
    // The same words first: a path may clamp several values, each of which is a finding.
    both.addAll(take(left, right, true));
    both.addAll(take(left, right, false));
    return new ReportDiff(
        good,
        bad,
        singles(right, bad, good),
        singles(left, good, bad),
        bySeverity(both.stream().filter(ReportDiff::isChanged), Both::bad).toList(),
        both.stream().filter(b -> !isChanged(b)).map(Both::bad).toList(),
        DiffRows.of(good, bad),
        remarks(good, bad));
  }

  private static List<Both> take(
      List<SavedFinding> left, List<SavedFinding> right, boolean sameWords) {
    List<Both> both = new ArrayList<>();
    Map<Object, List<SavedFinding>> byKey = new LinkedHashMap<>();
    right.forEach(f -> byKey.computeIfAbsent(key(f, sameWords), k -> new ArrayList<>()).add(f));
    Set<SavedFinding> taken = new LinkedHashSet<>();
    left.removeIf(
        one -> {
          List<SavedFinding> others = byKey.getOrDefault(key(one, sameWords), List.of());
          if (others.isEmpty()) {
            return false;
          }
          both.add(new Both(one, others.get(0)));
          taken.add(others.remove(0));
          return true;
        });
    right.removeIf(taken::remove);
    return both;
  }

  private static Object key(SavedFinding finding, boolean sameWords) {
    return sameWords ? List.of(finding.place(), finding.message()) : finding.place();
  }

  private static boolean isChanged(Both both) {
    return both.good().severity() != both.bad().severity()
        || !both.good().message().equals(both.bad().message());
  }

  private static List<Single> singles(
      List<SavedFinding> findings, SavedReport in, SavedReport other) {
    return bySeverity(findings.stream(), f -> f)
        .map(f -> new Single(f, isChance(f, in, other)))
        .toList();
  }

  private static <T> Stream<T> bySeverity(Stream<T> items, Function<T, SavedFinding> finding) {
    return items.sorted(
        Comparator.comparing((T item) -> finding.apply(item).severity()).reversed());
  }

  /** Whether the other report would have too few of them even if nothing had changed. */
  private static boolean isChance(SavedFinding finding, SavedReport in, SavedReport other) {
    if (finding.connections() == 0) {
      return false;
    }
    Optional<SavedReport.Leg> leg =
        finding
            .place()
            .direction()
            .map(d -> new SavedReport.Leg(d, finding.place().near(), finding.place().far()));
    Double lost = finding.numbers().get("lost_segments");
    if (lost != null && leg.isPresent() && in.arrivals().containsKey(leg.get())) {
      SavedReport.Arrivals here = in.arrivals().get(leg.get());
      SavedReport.Arrivals there = other.arrivals().get(leg.get());
      return isTooFew(lost / Math.max(1, here.compared()), there == null ? 0 : there.compared());
    }
    return isTooFew(finding.share(in.matched()), other.matched());
  }

  /** Whether so many of the other report are too few to show what occurs at this rate. */
  static boolean isTooFew(double rate, long others) {
    return rate * others < LEAST_EXPECTED;
  }

  private static List<String> remarks(SavedReport good, SavedReport bad) {
    List<String> remarks = new ArrayList<>();
    Set<String> same = digests(good, c -> true);
    same.retainAll(digests(bad, c -> true));
    if (!same.isEmpty()) {
      remarks.add(
          same.size() == good.captures().size() && good.captures().size() == bad.captures().size()
              ? "both reports are of the same captures"
              : "both reports have a capture in common");
    }
    if (!good.version().equals(bad.version())) {
      remarks.add(
          "the reports are of different versions of mssbridge, "
              + good.version()
              + " and "
              + bad.version()
              + ", so a difference can be the program's");
    }
    if (!good.limits().equals(bad.limits())) {
      remarks.add(
          "the reports were limited differently: "
              + words(good.limits())
              + " and "
              + words(bad.limits()));
    }
    List<String> goodPoints = good.captures().stream().map(SavedReport.Capture::point).toList();
    List<String> badPoints = bad.captures().stream().map(SavedReport.Capture::point).toList();
    if (!goodPoints.equals(badPoints)) {
      remarks.add(
          "the capture points are not the same: "
              + String.join(", ", goodPoints)
              + " and "
              + String.join(", ", badPoints)
              + "; what is at a point of one report only is listed as missing in the other");
    }
    for (SavedReport report : List.of(good, bad)) {
      if (report.matched() == 0) {
        remarks.add(
            name(report, good, bad) + " has no matched connection, so it shows nothing as absent");
      }
      if (!digests(report, c -> !c.isComplete()).isEmpty()) {
        remarks.add("a capture of " + name(report, good, bad) + " could not be read to its end");
      }
    }
    return remarks;
  }

  private static String words(List<String> limits) {
    return limits.isEmpty() ? "not at all" : String.join(" ", limits);
  }

  private static Set<String> digests(SavedReport report, Predicate<SavedReport.Capture> which) {
    Set<String> digests = new LinkedHashSet<>();
    report.captures().stream()
        .filter(which)
        .map(SavedReport.Capture::sha256)
        .filter(d -> !d.isEmpty())
        .forEach(digests::add);
    return digests;
  }

  /**
   * Whether the second report is worse: a finding of at least this severity is new, or is that
   * severe now and was not before.
   */
  public boolean isWorse(Severity severity) {
    return added.stream().anyMatch(s -> s.finding().severity().compareTo(severity) >= 0)
        || changed.stream()
            .anyMatch(
                b ->
                    b.bad().severity().compareTo(severity) >= 0
                        && b.good().severity().compareTo(severity) < 0);
  }
}
