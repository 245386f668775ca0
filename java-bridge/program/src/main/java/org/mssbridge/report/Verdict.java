package org.mssbridge.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;

/**
 * The report in one or two sentences: what is between the points, and what is broken; where nothing
 * is, what there is to be warned of.
 */
final class Verdict {
  private static final int MOST = 5;

  private Verdict() {}

  /** The sentences, on one line, safe to print. */
  static String of(Report report) {
    List<String> between = between(report);
    List<String> sentences = new ArrayList<>();
    if (!between.isEmpty()) {
      sentences.add(sentence(between));
    } else if (report.evidence().comparison().captures().size() < 2) {
      sentences.add("One capture: only what it shows by itself was looked at.");
    } else if (report.evidence().pairs().isEmpty()) {
      sentences.add("No connection was seen at two points, so nothing could be compared.");
    } else {
      sentences.add("What stands between the points was not asked for (--only).");
    }
    List<String> broken = messages(report, Severity.ERROR);
    List<String> wrong = broken.isEmpty() ? messages(report, Severity.WARN) : broken;
    if (!wrong.isEmpty()) {
      sentences.add(sentence(wrong));
    }
    return Printable.of(String.join(" ", sentences));
  }

  /** Clamps are left out where they stand beside what is between the points. */
  private static List<String> messages(Report report, Severity severity) {
    boolean middleboxes = !withCode(report, "path.middlebox").isEmpty();
    Map<String, List<String>> byCode = new LinkedHashMap<>();
    for (Reported reported : report.findings()) {
      Finding finding = reported.finding();
      String code = finding.kind().code();
      if (finding.severity() == severity && !(middleboxes && code.equals("mss.clamped"))) {
        byCode.computeIfAbsent(code, key -> new ArrayList<>()).add(finding.message());
      }
    }
    return byCode.values().stream().map(Verdict::first).toList();
  }

  /** What is found again and again is said once. */
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

  private static List<String> between(Report report) {
    List<Reported> all = withCode(report, "path.middlebox");
    List<Reported> changing = all.stream().filter(r -> !isNothing(r.finding())).toList();
    List<Reported> verdicts = changing.isEmpty() ? all : changing;
    return verdicts.stream()
        .map(
            reported ->
                reported.finding().message()
                    + clamps(report, reported)
                    + (verdicts.size() > 1 ? " (" + connections(reported) + ")" : ""))
        .toList();
  }

  private static boolean isNothing(Finding verdict) {
    return List.of("none").equals(verdict.facts().values().get("functions"));
  }

  /** How the MSS of a verdict's connections changed between its two points. */
  private static String clamps(Report report, Reported verdict) {
    Set<Object> points = points(verdict.finding(), "client_side_point", "server_side_point");
    Set<Integer> judged = connectionIds(verdict).collect(Collectors.toSet());
    String changes =
        withCode(report, "mss.clamped").stream()
            .filter(clamp -> points(clamp.finding(), "near_point", "far_point").equals(points))
            .filter(clamp -> connectionIds(clamp).anyMatch(judged::contains))
            .map(Reported::finding)
            .filter(finding -> finding.change().isPresent())
            .map(finding -> became(finding.change().get()) + direction(finding))
            .distinct()
            .limit(MOST)
            .collect(Collectors.joining(", "));
    return changes.isEmpty() ? "" : " (MSS " + changes + ")";
  }

  private static Set<Object> points(Finding finding, String one, String other) {
    Map<String, Object> facts = finding.facts().values();
    return new HashSet<>(List.of(facts.getOrDefault(one, ""), facts.getOrDefault(other, "")));
  }

  private static String became(Change change) {
    return change.near() + " became " + change.far();
  }

  private static String direction(Finding finding) {
    return finding.direction().map(Direction::label).map(label -> " " + label).orElse("");
  }

  private static List<Reported> withCode(Report report, String code) {
    return report.findings().stream()
        .filter(reported -> reported.finding().kind().code().equals(code))
        .toList();
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
