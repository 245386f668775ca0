package org.mssbridge.cli;

import static org.mssbridge.cli.ReportOf.map;
import static org.mssbridge.cli.ReportOf.maps;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.finding.Kind;
import org.mssbridge.rule.Rules;
import org.mssbridge.script.Expectation;

/** Compares what a story expects with the report on its captures. */
final class ExpectedFindings {
  /** Short names of facts in stories. */
  private static final Map<String, List<String>> SHORT_NAMES =
      Map.of(
          "near", List.of("near_mss_bytes", "near_ttl"),
          "far", List.of("far_mss_bytes", "far_ttl"),
          "delta", List.of("isn_delta"),
          "mtu", List.of("mtu_bytes"));

  private final Story story;
  private final ReportOf report;
  private final Map<String, Set<Long>> connections;
  private final List<String> complaints = new ArrayList<>();

  private ExpectedFindings(Story story, ReportOf report) {
    this.story = story;
    this.report = report;
    this.connections = story.connections(report);
  }

  /** Codes of all rules. */
  static Set<String> implemented() {
    return Rules.all().stream()
        .flatMap(rule -> rule.kinds().stream())
        .map(Kind::code)
        .collect(Collectors.toSet());
  }

  /**
   * The differences between story and report, a few lines each; expectations that no rule can meet
   * yet are left out.
   */
  static List<String> complaints(Story story, ReportOf report) throws IOException {
    ExpectedFindings compared = new ExpectedFindings(story, report);
    Set<String> codes = implemented();
    for (Expectation expectation : story.script().expectations()) {
      if (codes.contains(expectation.code())) {
        compared.check(expectation);
      }
    }
    if (story.script().expectsNothingElse()) {
      compared.checkNothingElse();
    }
    return compared.complaints;
  }

  private void check(Expectation expectation) throws IOException {
    List<Map<String, Object>> meeting =
        report.findings().stream().filter(finding -> meets(finding, expectation)).toList();
    String line = story + ":" + expectation.line() + ": " + story.line(expectation.line());
    if (expectation.negated() && !meeting.isEmpty()) {
      complaints.add(line + "\n  but the report says:" + describe(meeting));
    } else if (!expectation.negated() && meeting.isEmpty()) {
      List<Map<String, Object>> alike =
          report.findings().stream().filter(f -> expectation.code().equals(f.get("code"))).toList();
      complaints.add(
          line
              + (alike.isEmpty()
                  ? "\n  but the report says nothing of that code; it says:"
                      + describe(report.findings())
                  : "\n  but the report says:" + describe(alike)));
    }
  }

  private void checkNothingElse() {
    List<Map<String, Object>> others =
        report.findings().stream()
            .filter(finding -> !isOrdinary(finding) && !isExpected(finding))
            .toList();
    if (!others.isEmpty()) {
      complaints.add(
          story
              + ": expect nothing else\n  but of what it does not expect the report says:"
              + describe(others));
    }
  }

  /** Findings on any two captures: how clocks differ, routers between them, where the time went. */
  private static boolean isOrdinary(Map<String, Object> finding) {
    return switch (finding.get("code").toString()) {
      case "clock.offset", "path.delay", "path.hops" -> true;
      case "time.client", "time.network", "time.retransmission", "time.server" ->
          finding.get("severity").equals("comment");
      case "path.middlebox" ->
          Stream.of("", "none", "router")
              .anyMatch(text(map(finding.get("facts")).get("functions"))::equals);
      default -> false;
    };
  }

  /** Whether every connection of a finding has a line that expects it there. */
  private boolean isExpected(Map<String, Object> finding) {
    List<Long> ids = ids(finding);
    return ids.isEmpty()
        ? story.script().expectations().stream().anyMatch(e -> !e.negated() && meets(finding, e))
        : ids.stream().allMatch(id -> isExpected(finding, id));
  }

  private boolean isExpected(Map<String, Object> finding, long id) {
    return story.script().expectations().stream()
        .anyMatch(
            e ->
                !e.negated()
                    && (e.connection() == null || numbers(e).contains(id))
                    && meets(finding, e));
  }

  private boolean meets(Map<String, Object> finding, Expectation expectation) {
    boolean directed =
        expectation.direction() == null
            || expectation.direction().label().equals(finding.get("direction"));
    return expectation.code().equals(finding.get("code"))
        && directed
        && (expectation.connection() == null
            || ids(finding).stream().anyMatch(numbers(expectation)::contains))
        && variants(finding, expectation).anyMatch(facts -> holds(facts, expectation))
        && expectation.frames().entrySet().stream()
            .allMatch(
                e -> frames(finding, story.reported(e.getKey())).containsAll(longs(e.getValue())));
  }

  private Set<Long> numbers(Expectation expectation) {
    return connections.getOrDefault(expectation.connection(), Set.of());
  }

  /** The finding's facts together with those of each occurrence. */
  private Stream<Map<String, Object>> variants(
      Map<String, Object> finding, Expectation expectation) {
    Map<String, Object> facts = new HashMap<>(map(finding.get("facts")));
    facts.put("count", finding.get("count"));
    Object places = facts.remove("occurrences");
    if (places == null) {
      return Stream.of(facts);
    }
    return maps(places).stream()
        .filter(
            place ->
                expectation.connection() == null
                    || numbers(expectation).contains((Long) place.get("connection")))
        .map(
            place -> {
              Map<String, Object> both = new HashMap<>(facts);
              both.putAll(place);
              return both;
            });
  }

  private static boolean holds(Map<String, Object> facts, Expectation expectation) {
    return expectation.facts().entrySet().stream()
        .allMatch(
            wanted ->
                SHORT_NAMES.getOrDefault(wanted.getKey(), List.of(wanted.getKey())).stream()
                    .anyMatch(name -> isSame(wanted.getValue(), facts.get(name))));
  }

  private static boolean isSame(String wanted, Object fact) {
    return fact instanceof Double number
        ? Math.abs(Double.parseDouble(wanted) - number) < 1e-9 * Math.max(1, Math.abs(number))
        : wanted.equals(text(fact));
  }

  private static String text(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(value);
  }

  @SuppressWarnings("unchecked")
  private static List<Long> ids(Map<String, Object> finding) {
    return (List<Long>) finding.get("connections");
  }

  @SuppressWarnings("unchecked")
  private static List<Long> frames(Map<String, Object> finding, String point) {
    return (List<Long>) map(finding.get("frames")).getOrDefault(point, List.of());
  }

  private static List<Long> longs(List<Integer> numbers) {
    return numbers.stream().map(Integer::longValue).toList();
  }

  private String describe(List<Map<String, Object>> findings) {
    return findings.stream().map(f -> "\n    " + describe(f)).collect(Collectors.joining());
  }

  private String describe(Map<String, Object> finding) {
    List<String> names =
        connections.entrySet().stream()
            .filter(named -> ids(finding).stream().anyMatch(named.getValue()::contains))
            .map(Map.Entry::getKey)
            .sorted()
            .limit(5)
            .toList();
    return finding.get("code")
        + (finding.get("direction") == null ? "" : " " + finding.get("direction"))
        + (names.isEmpty() ? "" : " on " + String.join(", ", names))
        + ": "
        + finding.get("message")
        + " "
        + abridged(finding.get("frames"))
        + " "
        + abridged(finding.get("facts"));
  }

  private static String abridged(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 300 ? text : text.substring(0, 300) + "…";
  }
}
