package org.mssbridge.report;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Checked;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.MiddleboxVerdict;
import org.mssbridge.finding.Spans;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Numbers;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;

/**
 * The report in a few sentences, the most urgent first.
 *
 * @param problem what is wrong, on which connections and what it costs; or that nothing is
 * @param between what is between the points; empty for a capture alone
 * @param account where the time of requests went; empty where that is not known
 * @param steps what to do, the first step first, separated by semicolons; empty where there is
 *     nothing to do
 * @param plain the problem in the words of its findings
 */
record Verdict(String problem, String between, String account, String steps, String plain) {
  /** More problems are only counted: the list has them. */
  private static final int MOST = 2;

  private static final Set<Group> HAPPENINGS = Set.of(Group.SEQUENCE, Group.RESPONSE);

  /** What devices change is in the sentence before, and what captures are like is in the list. */
  private static final Set<String> PARTS_TO_NAME = Set.of("connection.", "path.", "rst.");

  /** A wait that nobody notices is not in the verdict. */
  private static final long LEAST_WAIT_NANOS = 1_000_000_000L;

  /** All sentences on one line, but for where the time went. */
  String text() {
    return Stream.of(problem, between, steps.isEmpty() ? "" : "Next: " + firstStep(steps) + ".")
        .filter(sentence -> !sentence.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /** Whether it says what is wrong in these words. */
  boolean says(String words) {
    return plain.toLowerCase(Locale.ROOT).contains(words.toLowerCase(Locale.ROOT));
  }

  /** The verdict, safe to print. */
  static Verdict of(Report report) {
    boolean alone = report.evidence().comparison().captures().size() < 2;
    List<BothDirections> shown = BothDirections.of(report.findings());
    List<BothDirections> wrong = wrongOrNoted(report, shown, alone);
    String problem = Printable.of(problem(report, shown, wrong, alone));
    PointNames names = PointNames.of(report);
    return new Verdict(
        names.introduce(problem),
        names.introduce(alone ? "" : Printable.of(between(report))),
        names.introduce(Printable.of(account(report))),
        Printable.of(steps(wrong.isEmpty() && !alone ? qualifying(report, shown) : wrong)),
        problem);
  }

  private static String problem(
      Report report, List<BothDirections> shown, List<BothDirections> wrong, boolean alone) {
    if (!wrong.isEmpty()) {
      List<String> sentences = new ArrayList<>();
      Set<Kind> kinds = new LinkedHashSet<>();
      for (BothDirections one : wrong) {
        if (kinds.add(one.kind()) && kinds.size() <= MOST) {
          long more = wrong.stream().filter(each -> each.kind().equals(one.kind())).count() - 1;
          sentences.add(
              sentence(
                  one.headline()
                      + scope(report, one)
                      + (more == 0
                          ? ""
                          : more == 1
                              ? "; another one is listed below"
                              : "; " + more + " more are listed below")));
        }
      }
      sentences.addAll(impact(shown, wrong));
      if (kinds.size() > MOST) {
        sentences.add(
            "Also: "
                + kinds.stream().skip(MOST).map(Kind::code).collect(Collectors.joining(", "))
                + ".");
      }
      return String.join(" ", sentences);
    }
    if (alone) {
      return "No problem found in this capture alone"
          + losses(report).map(words -> ", but " + words).orElse("")
          + " (looked for: MTU, MSS, handshakes, RST, ICMP, loss,"
          + " closed windows, slow or missing answers). Not looked for: a window too small for the path. What"
          + " devices change shows only beside a second capture, at the other end.";
    }
    return noProblem(report, shown);
  }

  /** The worst problems; where there are none, the notes on what happened to connections. */
  private static List<BothDirections> wrongOrNoted(
      Report report, List<BothDirections> shown, boolean alone) {
    List<BothDirections> wrong = wrong(report, shown, alone ? Severity.NOTE : Severity.WARN);
    return wrong.isEmpty() && !alone ? notes(report, shown) : wrong;
  }

  private static String noProblem(Report report, List<BothDirections> shown) {
    Comparison comparison = report.evidence().comparison();
    if (comparison.pairs().isEmpty() && BesidesTcp.isAnyMatched(report)) {
      String besides = BesidesTcp.words(report);
      List<BothDirections> noted = qualifying(report, shown);
      return "No TCP connection was seen at two points. No problem found in what else was"
          + (BesidesTcp.isIncomplete(report) ? ", as far as all captures show it" : "")
          + (noted.isEmpty()
              ? ": " + besides + "."
              : ", but "
                  + noted.get(0).headline()
                  + more(noted.size() - 1)
                  + " "
                  + sentence(besides));
    }
    if (comparison.pairs().isEmpty()) {
      return "No connection was seen at two points, so nothing could be compared.";
    }
    boolean asked = report.findings().stream().anyMatch(one -> isVerdict(one.finding()));
    if (!asked) {
      return "What is between the points was not asked for (--only).";
    }
    boolean isLimited =
        report.checked().stream().anyMatch(Predicate.not(Checked::isAbsent))
            || Unmatched.isAnyUncovered(report)
            || BesidesTcp.isAnyUncovered(report);
    List<BothDirections> others = qualifying(report, shown);
    String works =
        shown.stream()
            .filter(one -> one.finding().isWorking())
            .map(one -> " " + sentence(one.headline()))
            .distinct()
            .limit(MOST)
            .collect(Collectors.joining());
    Optional<String> losses = losses(report);
    return "No problem found"
        + (losses.isEmpty() ? "" : " between the points")
        + (isLimited ? ", as far as all captures reach" : "")
        + (others.isEmpty()
            ? but(Stream.concat(changes(shown).stream(), losses.stream()).toList()) + "."
            : ", but "
                + changes(shown).map(words -> words + ", and ").orElse("")
                + others.get(0).headline()
                + scope(report, others.get(0))
                + more(others.size() - 1)
                + losses.map(words -> " " + sentence(words)).orElse(""))
        + works;
  }

  /** What was sent again because packets were lost or late: no finding may be about it. */
  private static Optional<String> losses(Report report) {
    return SentAgainWords.losses(report.evidence())
        .map(
            losses ->
                (losses.areSure() ? "packets were lost" : "packets were lost or late")
                    + " (sent again: "
                    + losses.words()
                    + ")");
  }

  private static String but(List<String> clauses) {
    return clauses.isEmpty() ? "" : ", but " + String.join(" and ", clauses);
  }

  /** What a device changes is no problem that shows, but it has its warning. */
  private static Optional<String> changes(List<BothDirections> shown) {
    return shown.stream()
            .anyMatch(
                one ->
                    one.severity().compareTo(Severity.WARN) >= 0
                        && one.finding().describesMiddlebox())
        ? Optional.of("a device on the way changes packets")
        : Optional.empty();
  }

  /**
   * What the verdict that nothing is wrong names, the waits of hosts and the most frequent first.
   */
  private static List<BothDirections> qualifying(Report report, List<BothDirections> shown) {
    Predicate<Finding> qualifies =
        finding -> finding.qualifiesNoProblem() && !finding.isWorking() && !isVerdict(finding);
    return Stream.concat(
            ofSeverity(report, shown, Severity.NOTE, qualifies).stream(),
            ofSeverity(
                report,
                shown,
                Severity.COMMENT,
                qualifies.and(finding -> finding.standing() == Severity.NOTE))
                .stream())
        .sorted(
            Comparator.comparing((BothDirections one) -> one.finding().leg().isPresent())
                .thenComparing(one -> -one.occurrences().size()))
        .toList();
  }

  private static String more(int notes) {
    return notes == 0
        ? "."
        : "; "
            + Numbers.count(notes, "more note")
            + (notes == 1 ? " is" : " are")
            + " listed below.";
  }

  private static boolean isVerdict(Finding finding) {
    return finding instanceof MiddleboxVerdict;
  }

  private static String scope(Report report, BothDirections one) {
    String scope = Scope.of(report.evidence().comparison(), one.occurrences());
    boolean isSaid =
        one.headline().contains(scope)
            // Such as 2 of 4 requests on 2 of 4 connections.
            || one.headline().startsWith(scope.replace("connections", ""));
    return isSaid ? "" : " (" + scope + ")";
  }

  /** What all findings together cost that the sentences before do not give. */
  private static List<String> impact(List<BothDirections> shown, List<BothDirections> wrong) {
    List<String> sentences = new ArrayList<>();
    Set<Kind> named = wrong.stream().map(BothDirections::kind).collect(Collectors.toSet());
    shown.stream()
        .flatMap(BothDirections::parts)
        .filter(part -> !part.finding().impact().isEmpty())
        .filter(
            part ->
                named.contains(part.finding().kind())
                    || part.finding().because().stream().anyMatch(why -> named.contains(why.by()))
                    || part.finding().severity().compareTo(Severity.WARN) >= 0)
        .map(part -> part.finding().impact())
        .distinct()
        .filter(impact -> wrong.stream().noneMatch(one -> one.headline().contains(impact)))
        .limit(MOST)
        .forEach(impact -> sentences.add(sentence(impact)));
    long waited =
        shown.stream()
            .flatMap(one -> one.occurrences().stream())
            .mapToLong(occurrence -> occurrence.waitNanos())
            .max()
            .orElse(0);
    if (waited >= LEAST_WAIT_NANOS) {
      sentences.add("Longest stall: " + Spans.text(waited) + ".");
    }
    return sentences;
  }

  /** The findings of the worst severity, from errors down to another one, that has any. */
  private static List<BothDirections> wrong(
      Report report, List<BothDirections> shown, Severity least) {
    List<BothDirections> wrong = List.of();
    for (Severity severity : List.of(Severity.ERROR, Severity.WARN, Severity.NOTE)) {
      if (wrong.isEmpty() && severity.compareTo(least) >= 0) {
        wrong = ofSeverity(report, shown, severity, finding -> true);
      }
    }
    return wrong;
  }

  /** The notes on what happened to connections, not on what the captures are like. */
  private static List<BothDirections> notes(Report report, List<BothDirections> shown) {
    return ofSeverity(
            report,
            shown,
            Severity.NOTE,
            finding ->
                HAPPENINGS.contains(finding.kind().group())
                    && PARTS_TO_NAME.stream().anyMatch(finding.kind().code()::startsWith))
        .stream()
        .sorted(Comparator.comparingInt(one -> -magnitude(one.occurrences().size())))
        .toList();
  }

  /** What happens ten times as often comes first: one lost SYN is not the news of a thousand. */
  private static int magnitude(int occurrences) {
    return (int) Math.log10(Math.max(1, occurrences));
  }

  /**
   * The findings of this severity, without those that another finding explains, and those that the
   * verdict on the middlebox already gives.
   */
  private static List<BothDirections> ofSeverity(
      Report report, List<BothDirections> shown, Severity severity, Predicate<Finding> wanted) {
    boolean judged = report.findings().stream().anyMatch(one -> isVerdict(one.finding()));
    Set<Kind> present =
        report.findings().stream().map(each -> each.finding().kind()).collect(Collectors.toSet());
    Set<Kind> faults =
        report.findings().stream()
            .map(Reported::finding)
            .filter(Predicate.not(Finding::isWorking))
            .map(Finding::kind)
            .collect(Collectors.toSet());
    return shown.stream()
        .filter(one -> one.severity() == severity && wanted.test(one.finding()))
        .filter(one -> !isExplained(one.finding(), present, faults))
        .filter(one -> !(judged && one.finding().describesMiddlebox()))
        .toList();
  }

  /** What works as it should explains a loss only if it explains all of it. */
  private static boolean isExplained(Finding finding, Set<Kind> present, Set<Kind> faults) {
    Set<Kind> by = finding.isPartlyExplained() ? faults : present;
    return finding.because().stream().anyMatch(why -> by.contains(why.by()));
  }

  /** What to do about the first of the problems that says so. */
  private static String steps(List<BothDirections> wrong) {
    return wrong.stream()
        .map(BothDirections::nextStep)
        .filter(step -> !step.isEmpty())
        .findFirst()
        .orElse("");
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

  private static String sentence(String text) {
    return text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  private static String account(Report report) {
    return report.findings().stream()
        .map(one -> one.finding().account())
        .filter(account -> !account.isEmpty())
        .findFirst()
        .map(Verdict::sentence)
        .orElse("");
  }

  private static String between(Report report) {
    List<Reported> all =
        report.findings().stream().filter(one -> isVerdict(one.finding())).toList();
    List<Reported> changing =
        all.stream().filter(one -> !((MiddleboxVerdict) one.finding()).isNothing()).toList();
    List<Reported> verdicts = changing.isEmpty() ? all : changing;
    List<String> parts =
        verdicts.stream()
            .map(
                one ->
                    withDetails(report, one)
                        + (verdicts.size() > 1 ? " (" + scope(report, one) + ")" : ""))
            .toList();
    if (parts.isEmpty()) {
      return "";
    }
    String more = parts.size() > MOST + 1 ? "; and " + (parts.size() - MOST - 1) + " more" : "";
    return sentence(parts.stream().limit(MOST + 1).collect(Collectors.joining("; ")) + more);
  }

  private static String scope(Report report, Reported reported) {
    return Scope.briefly(report.evidence().comparison(), reported.occurrences());
  }

  /** A verdict with the changes on its connections; those of the MSS are beside the clamp. */
  private static String withDetails(Report report, Reported judged) {
    String words = judged.finding().message();
    StringBuilder rest = new StringBuilder();
    for (Map.Entry<String, String> change : details(report, judged).entrySet()) {
      String device = change.getKey() + " clamp";
      if (words.contains(device)) {
        words = words.replace(device, device + " (" + change.getValue() + ")");
      } else {
        rest.append(" (").append(change.getKey()).append(' ').append(change.getValue()).append(')');
      }
    }
    return words + rest;
  }

  /**
   * The changes on a verdict's connections between its two points, by what changes, such as the
   * MSS.
   */
  private static Map<String, String> details(Report report, Reported judged) {
    BitSet connections = Scope.ids(judged.occurrences());
    Map<String, Map<String, Set<Direction>>> bySubject = new LinkedHashMap<>();
    for (Reported reported : report.findings()) {
      Finding finding = reported.finding();
      if (finding.describesMiddlebox()
          && finding.change().isPresent()
          && points(finding).equals(points(judged.finding()))
          && connections.intersects(Scope.ids(reported.occurrences()))) {
        Change change = finding.change().get();
        Set<Direction> ways =
            bySubject
                .computeIfAbsent(change.subject(), subject -> new LinkedHashMap<>())
                .computeIfAbsent(became(change), key -> new TreeSet<>());
        finding.direction().ifPresent(ways::add);
      }
    }
    Map<String, String> details = new LinkedHashMap<>();
    bySubject.forEach(
        (subject, changes) ->
            details.put(
                subject,
                changes.entrySet().stream()
                    .limit(MOST + 1)
                    .map(change -> change.getKey() + ways(change.getValue()))
                    .collect(Collectors.joining(", "))));
    return details;
  }

  private static String became(Change change) {
    return change.near() + " to " + change.far();
  }

  private static String ways(Set<Direction> ways) {
    return switch (ways.size()) {
      case 0 -> "";
      case 1 -> " " + ways.iterator().next().words();
      default -> " in both directions";
    };
  }

  /** The two points of a finding's leg, in no order; none where it has no leg. */
  private static Set<CapturePoint> points(Finding finding) {
    return finding.leg().map(leg -> Set.of(leg.near(), leg.far())).orElse(Set.of());
  }
}
