package org.mssbridge.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;
import org.mssbridge.rule.Change;
import org.mssbridge.rule.Finding;
import org.mssbridge.rule.Findings.Reported;

/** The report in one or two sentences: what is between the points, and what is broken. */
final class Verdict {
  private static final int MOST = 5;

  private Verdict() {}

  /** The sentences, on one line, safe to print. */
  static String of(Report report) {
    List<String> between = between(report);
    List<String> broken =
        report.findings().stream()
            .map(Reported::finding)
            .filter(finding -> finding.severity() == Severity.ERROR)
            .map(Finding::message)
            .distinct()
            .toList();
    List<String> sentences = new ArrayList<>();
    if (!between.isEmpty()) {
      sentences.add(sentence(between));
    } else if (report.evidence().comparison().captures().size() < 2) {
      sentences.add("One capture: only what it shows by itself was looked at.");
    } else if (report.evidence().pairs().isEmpty()) {
      sentences.add("No connection was seen at two points, so nothing could be compared.");
    } else if (report.findings().stream().allMatch(r -> isHarmless(r.finding()))) {
      sentences.add("Nothing between the points changes packets, as far as was looked at.");
    }
    if (!broken.isEmpty()) {
      sentences.add(sentence(broken));
    }
    return Printable.of(String.join(" ", sentences));
  }

  private static boolean isHarmless(Finding finding) {
    return finding.severity().compareTo(Severity.NOTE) < 0;
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
                    + clamps(report, reported.finding())
                    + (verdicts.size() > 1 ? " (" + connections(reported) + ")" : ""))
        .toList();
  }

  private static boolean isNothing(Finding verdict) {
    return List.of("none").equals(verdict.facts().values().get("functions"));
  }

  /** How the MSS changed between the two points of a verdict. */
  private static String clamps(Report report, Finding verdict) {
    Set<Object> points = points(verdict, "client_side_point", "server_side_point");
    String changes =
        withCode(report, "mss.clamped").stream()
            .map(Reported::finding)
            .filter(finding -> points(finding, "near_point", "far_point").equals(points))
            .filter(finding -> finding.change().isPresent())
            .map(finding -> became(finding.change().get()) + direction(finding))
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
    long count =
        reported.occurrences().stream()
            .filter(occurrence -> occurrence.connection().isPresent())
            .mapToInt(occurrence -> occurrence.connection().getAsInt())
            .distinct()
            .count();
    return count + (count == 1 ? " connection" : " connections");
  }
}
