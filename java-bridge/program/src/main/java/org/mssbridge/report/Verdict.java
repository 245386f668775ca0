package org.mssbridge.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.MiddleboxVerdict;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;

/**
 * The report in up to three sentences: what to do first, the devices between the points, and the
 * errors; where there are none, the warnings; where there are none either, the notes on what
 * happened to connections.
 */
final class Verdict {
  private static final int MOST = 3;

  private static final Set<Group> HAPPENINGS = Set.of(Group.SEQUENCE, Group.RESPONSE);

  /** What devices change is in the sentence before, and what captures are like is in the list. */
  private static final Set<String> PARTS_TO_NAME = Set.of("connection.", "path.", "rst.");

  private Verdict() {}

  /** The sentences, on one line, safe to print. */
  static String of(Report report) {
    boolean alone = report.evidence().comparison().captures().size() < 2;
    List<String> between = between(report);
    List<String> sentences = new ArrayList<>();
    if (!between.isEmpty()) {
      sentences.add(sentence(between));
    } else if (!alone) {
      sentences.add(
          report.evidence().pairs().isEmpty()
              ? "No connection was seen at two points, so nothing could be compared."
              : "What stands between the points was not asked for (--only).");
    }
    List<String> wrong = wrong(report, alone ? Severity.NOTE : Severity.WARN);
    wrong = wrong.isEmpty() && !alone ? notes(report) : wrong;
    if (!wrong.isEmpty()) {
      sentences.add(sentence(wrong));
    } else if (alone) {
      sentences.add("Nothing wrong shows in this capture alone.");
    }
    cure(report)
        .map(cure -> sentence(List.of(cure)))
        .ifPresent(cure -> sentences.add(alone ? sentences.size() : 0, cure));
    return Printable.of(String.join(" ", sentences));
  }

  /** The messages of the worst severity, from errors down to another one, that has any. */
  private static List<String> wrong(Report report, Severity least) {
    List<String> wrong = List.of();
    for (Severity severity : List.of(Severity.ERROR, Severity.WARN, Severity.NOTE)) {
      if (wrong.isEmpty() && severity.compareTo(least) >= 0) {
        wrong = messages(report, severity);
      }
    }
    return wrong;
  }

  /** What to do first: the first step for the first finding, where it is at least a warning. */
  private static Optional<String> cure(Report report) {
    return report.findings().stream()
        .filter(reported -> reported.place().compareTo(Severity.WARN) >= 0)
        .map(reported -> reported.finding().nextStep())
        .findFirst()
        .map(Verdict::firstStep)
        .filter(step -> !step.isEmpty());
  }

  /** Up to the first semicolon that is not in brackets. */
  private static String firstStep(String steps) {
    int depth = 0;
    for (int i = 0; i < steps.length(); i++) {
      char each = steps.charAt(i);
      depth += each == '(' ? 1 : each == ')' ? -1 : 0;
      if (each == ';' && depth == 0) {
        return steps.substring(0, i);
      }
    }
    return steps;
  }

  /**
   * The messages of this severity, without those that another finding explains, and those that the
   * verdict on the middlebox already gives.
   */
  private static List<String> messages(Report report, Severity severity) {
    return messages(report, severity, finding -> true);
  }

  /** The notes on what happened to connections, not on what the captures are like. */
  private static List<String> notes(Report report) {
    return messages(
        report,
        Severity.NOTE,
        finding ->
            HAPPENINGS.contains(finding.kind().group())
                && PARTS_TO_NAME.stream().anyMatch(finding.kind().code()::startsWith));
  }

  private static List<String> messages(
      Report report, Severity severity, Predicate<Finding> wanted) {
    boolean judged = !verdicts(report).isEmpty();
    Set<Kind> present =
        report.findings().stream().map(each -> each.finding().kind()).collect(Collectors.toSet());
    Map<Kind, List<String>> byKind = new LinkedHashMap<>();
    for (Reported reported : report.findings()) {
      Finding finding = reported.finding();
      boolean isExplained =
          finding.because().stream().anyMatch(because -> present.contains(because.by()));
      if (finding.severity() == severity
          && wanted.test(finding)
          && !isExplained
          && !(judged && finding.describesMiddlebox())) {
        byKind.computeIfAbsent(finding.kind(), key -> new ArrayList<>()).add(finding.message());
      }
    }
    return byKind.values().stream().map(Verdict::first).toList();
  }

  /** The first of several messages, with the number of the others. */
  private static String first(List<String> messages) {
    List<String> distinct = messages.stream().distinct().toList();
    return distinct.size() == 1
        ? distinct.get(0)
        : distinct.get(0) + " (and " + (distinct.size() - 1) + " more of that kind)";
  }

  private static String sentence(List<String> parts) {
    String text = parts.stream().limit(MOST).collect(Collectors.joining("; "));
    String more = parts.size() > MOST ? "; and " + (parts.size() - MOST) + " more" : "";
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + more + ".";
  }

  /**
   * A verdict and the finding that holds it.
   *
   * @param reported the same as a finding
   */
  private record Judged(MiddleboxVerdict verdict, Reported reported) {}

  private static List<Judged> verdicts(Report report) {
    List<Judged> verdicts = new ArrayList<>();
    for (Reported reported : report.findings()) {
      if (reported.finding() instanceof MiddleboxVerdict verdict) {
        verdicts.add(new Judged(verdict, reported));
      }
    }
    return verdicts;
  }

  private static List<String> between(Report report) {
    List<Judged> all = verdicts(report);
    List<Judged> changing = all.stream().filter(judged -> !judged.verdict().isNothing()).toList();
    List<Judged> verdicts = changing.isEmpty() ? all : changing;
    return verdicts.stream()
        .map(
            judged ->
                judged.verdict().message()
                    + details(report, judged)
                    + (verdicts.size() > 1 ? " (" + connections(judged.reported()) + ")" : ""))
        .toList();
  }

  /** The changes on a verdict's connections between its two points, such as of the MSS. */
  private static String details(Report report, Judged judged) {
    Set<Integer> connections = connectionIds(judged.reported()).collect(Collectors.toSet());
    Map<String, List<String>> bySubject = new LinkedHashMap<>();
    for (Reported reported : report.findings()) {
      Finding finding = reported.finding();
      if (finding.describesMiddlebox()
          && finding.change().isPresent()
          && points(finding).equals(points(judged.verdict()))
          && connectionIds(reported).anyMatch(connections::contains)) {
        bySubject
            .computeIfAbsent(finding.change().get().subject(), subject -> new ArrayList<>())
            .add(became(finding.change().get()) + direction(finding));
      }
    }
    return bySubject.entrySet().stream()
        .map(
            changed ->
                " ("
                    + changed.getKey()
                    + " "
                    + changed.getValue().stream()
                        .distinct()
                        .limit(MOST)
                        .collect(Collectors.joining(", "))
                    + ")")
        .collect(Collectors.joining());
  }

  /** The two points of a finding's leg, in no order; none where it has no leg. */
  private static Set<CapturePoint> points(Finding finding) {
    return finding.leg().map(leg -> Set.of(leg.near(), leg.far())).orElse(Set.of());
  }

  private static String became(Change change) {
    return change.near() + " became " + change.far();
  }

  private static String direction(Finding finding) {
    return finding.direction().map(Direction::label).map(label -> " " + label).orElse("");
  }

  /** Such as {@code 3 connections}. */
  static String connections(Reported reported) {
    long count = connectionIds(reported).distinct().count();
    return count + (count == 1 ? " connection" : " connections");
  }

  private static Stream<Integer> connectionIds(Reported reported) {
    return reported.occurrences().stream()
        .flatMapToInt(occurrence -> occurrence.connection().stream())
        .boxed();
  }
}
