package org.mssbridge.report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Checked;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.MiddleboxVerdict;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FrameRef;
import org.mssbridge.model.Numbers;
import org.mssbridge.model.Severity;
import org.mssbridge.report.TextStyle.Detail;

/** The summary for people: the verdict first, then the evidence for it. */
public final class TextReport {
  private static final List<Severity> SEVEREST_FIRST =
      Stream.of(Severity.values()).sorted(Comparator.reverseOrder()).toList();
  private static final String REFUSED = "connections are refused ";
  private static final int INDENT = 6;
  private static final String MARGIN = " ".repeat(INDENT);
  private static final String CAUSE_MARGIN = " ".repeat(INDENT + 3);

  private final Report report;
  private final Verdict verdict;
  private final List<BothDirections> shown;
  private final TextLines lines;
  private final Detail detail;
  private final Limits limits;
  private final Set<String> shownCommands = new HashSet<>();
  private final Set<List<Cause>> shownCauses = new HashSet<>();

  /**
   * How many of each are printed.
   *
   * @param alike findings of a kind below a note, which differ in values such as the TTL
   */
  private record Limits(int findings, int alike, int messages, int frames, int causes) {
    private static final int NONE = Integer.MAX_VALUE;

    static Limits of(Detail detail) {
      return switch (detail) {
        case SHORT -> new Limits(10, 0, 0, 3, 0);
        case MORE -> new Limits(20, 3, 3, 5, 4);
        case ALL -> new Limits(NONE, NONE, NONE, NONE, NONE);
      };
    }
  }

  /** The text of a report on one capture or more, without its first part. */
  TextReport(Report report, TextStyle style) {
    this.report = report;
    this.verdict = Verdict.of(report);
    this.shown = BothDirections.of(report.findings());
    this.lines = new TextLines(style);
    this.detail = style.detail();
    this.limits = Limits.of(detail);
  }

  /** The text, in lines that end with {@code \n}. */
  public static String render(Report report, TextStyle style) {
    TextReport text = new TextReport(report, style);
    text.verdict();
    text.captures();
    text.findings();
    text.end();
    return text.toString();
  }

  /** All lines that were added. */
  @Override
  public String toString() {
    return lines.toString();
  }

  /** Where the lines go. */
  TextLines lines() {
    return lines;
  }

  /** Adds the verdict: what is wrong, what is between, where the time went, what to do. */
  void verdict() {
    lines.add("", 0, verdict.problem());
    if (!verdict.between().isEmpty()) {
      lines.add("", 0, verdict.between());
    }
    if (!verdict.account().isEmpty()) {
      lines.add("", 0, verdict.account());
    }
    if (!verdict.steps().isEmpty()) {
      lines.add("Next: ", INDENT, verdict.steps());
    }
    lines.gap();
  }

  private void captures() {
    List<PointCapture> captures = report.evidence().comparison().captures();
    if (detail == Detail.SHORT) {
      String all = captures.stream().map(this::capture).collect(joining("; "));
      lines.add("", INDENT, all + "; " + matched());
    } else {
      captures.forEach(each -> lines.add("", INDENT, capture(each)));
      counts(matched());
    }
    GivenWords.of(report.evidence().comparison())
        .ifPresent(words -> lines.add("Given: ", INDENT, words));
    SentAgainWords.of(report.evidence())
        .ifPresent(words -> lines.add("Sent again: ", INDENT, words));
  }

  private String capture(PointCapture capture) {
    CapturePoint point = capture.point();
    return point
        + ": "
        + report.fileName(point)
        + ", "
        + Numbers.count(capture.extent().packets(), "packet")
        + shortcomings(capture.extent());
  }

  /** What is missing in a capture, to follow its size. */
  static String shortcomings(PointCapture.Extent extent) {
    int untimed = extent.untimedPackets();
    String times =
        untimed == 0
            ? ""
            : untimed == extent.packets()
                ? ", none with a time"
                : ", " + Numbers.grouped(untimed) + " of them without a time";
    return times + (extent.complete() ? "" : ", cut short or damaged");
  }

  /** The connections that were compared, and those that were not. */
  private String matched() {
    String unmatched = Unmatched.words(report);
    String besides = BesidesTcp.words(report);
    return compared()
        + (unmatched.isEmpty() ? "" : "; " + unmatched)
        + (besides.isEmpty() ? "" : "; besides TCP: " + besides);
  }

  /** The connections that were compared; one is named. */
  private String compared() {
    long matched = report.evidence().comparison().matched();
    String connections = Numbers.count(matched, "connection") + " matched";
    if (matched != 1) {
      return connections;
    }
    return report.evidence().comparison().connections().stream()
        .filter(traced -> !traced.isOneSided())
        .map(Scope::name)
        .map(name -> connections + ", " + name)
        .findFirst()
        .orElse(connections);
  }

  /** Adds the numbers of findings by severity. */
  void counts(String suffix) {
    List<String> counts = new ArrayList<>();
    for (Severity severity : SEVEREST_FIRST) {
      long count = shown.stream().filter(one -> one.severity() == severity).count();
      if (count > 0) {
        counts.add(count + " " + severity.label());
      }
    }
    String findings = counts.isEmpty() ? "no findings" : "findings: " + String.join(", ", counts);
    lines.add("", 0, suffix.isEmpty() ? findings : findings + "; " + suffix);
  }

  /** Adds the findings and what was checked, as briefly as wanted. */
  void findings() {
    if (detail == Detail.SHORT) {
      briefly();
    } else {
      SEVEREST_FIRST.forEach(this::findings);
      checked("Checked, nothing wrong:", Checked::isAbsent);
      checked("Cannot tell from these captures:", Predicate.not(Checked::isAbsent));
    }
  }

  private void checked(String heading, Predicate<Checked> wanted) {
    List<Checked> checked = report.checked().stream().filter(wanted).toList();
    if (!checked.isEmpty()) {
      lines.gap();
      lines.add("", 0, heading);
      checked.forEach(one -> lines.add("  ", 4, one.line()));
    }
  }

  private void briefly() {
    List<BothDirections> telling = shown.stream().filter(TextReport::isTelling).toList();
    if (!shown.isEmpty() || !report.checked().isEmpty()) {
      lines.gap();
    }
    Kind last = null;
    for (BothDirections one : telling.subList(0, Math.min(limits.findings(), telling.size()))) {
      brief(one, one.kind().equals(last));
      last = one.kind();
    }
    telling.stream()
        .flatMap(BothDirections::parts)
        .flatMap(part -> CaptureCommand.of(report.evidence().comparison(), part).stream())
        .filter(command -> !shownCommands.contains(command.tcpdump()))
        .forEach(this::command);
    List<String> others =
        Stream.concat(
                telling.stream().skip(limits.findings()),
                shown.stream().filter(Predicate.not(TextReport::isTelling)))
            .filter(one -> !(one.finding() instanceof MiddleboxVerdict))
            .map(one -> one.kind().code())
            .distinct()
            .toList();
    if (!others.isEmpty()) {
      lines.add("Also recorded (-v): ", INDENT, String.join(", ", others));
    }
    String checked =
        report.checked().stream()
            .filter(one -> one.isAbsent() && !isFound(one))
            .map(Checked::what)
            .distinct()
            .collect(joining(", "));
    if (!checked.isEmpty()) {
      lines.add("Checked, nothing wrong: ", INDENT, checked);
    }
    long unknown = report.checked().stream().filter(Predicate.not(Checked::isAbsent)).count();
    if (unknown > 0) {
      lines.add(
          "",
          INDENT,
          "Cannot tell from these captures: " + Numbers.count(unknown, "thing") + ", with -v");
    }
  }

  /** Whether what one leg or connection lacks is found on another. */
  private boolean isFound(Checked checked) {
    return shown.stream()
        .filter(one -> checked.kinds().contains(one.kind()))
        .flatMap(BothDirections::parts)
        .anyMatch(
            part ->
                part.finding()
                    .direction()
                    .map(way -> !checked.what().contains(way.reverse().words()))
                    .orElse(true));
  }

  /** What devices are between is in the verdict, and what is normal only counts as evidence. */
  private static boolean isTelling(BothDirections one) {
    Finding finding = one.finding();
    return one.first().place().compareTo(Severity.NOTE) >= 0
        && !(finding instanceof MiddleboxVerdict)
        && (finding.severity().compareTo(Severity.WARN) >= 0 || !finding.describesMiddlebox());
  }

  /**
   * Adds a line for a finding. What the verdict says in the same words is not repeated, nor is how
   * one that another finding explains shows itself. Refusals follow each other as one finding.
   */
  private void brief(BothDirections one, boolean isNext) {
    String message = one.message();
    boolean isSaid =
        isInVerdict(message)
            || isInVerdict(one.headline())
            || one.finding().because().stream().anyMatch(why -> isShown(why.by()));
    String because =
        one.finding().because().stream()
            .map(explanation -> explanation.by().code())
            .distinct()
            .collect(joining(", "));
    String places =
        Stream.of(
                one.way(),
                isSaid ? "" : scope(one),
                framesAtPoints(one).collect(joining("; ")),
                because.isEmpty() ? "" : "because of " + because)
            .filter(part -> !part.isEmpty())
            .collect(joining("; "));
    String words =
        isSaid && !places.isEmpty()
            ? places
            : message + (places.isEmpty() ? "" : " (" + places + ")");
    if (isNext && message.startsWith(REFUSED)) {
      String more = words.startsWith(REFUSED) ? words.substring(REFUSED.length()) : words;
      lines.add(MARGIN + "and ", INDENT, more);
    } else {
      heading(one, words);
    }
  }

  private boolean isShown(Kind kind) {
    return shown.stream().anyMatch(one -> one.kind().equals(kind));
  }

  private boolean isInVerdict(String words) {
    return verdict.says(words);
  }

  private String scope(BothDirections one) {
    return Scope.of(report.evidence().comparison(), one.occurrences());
  }

  private void findings(Severity severity) {
    List<BothDirections> found =
        shown.stream().filter(one -> one.first().place() == severity).toList();
    if (severity.compareTo(Severity.NOTE) < 0) {
      compactly(found, severity);
      return;
    }
    for (BothDirections one : found.subList(0, Math.min(limits.findings(), found.size()))) {
      lines.gap();
      whole(one);
    }
    more(MARGIN, found.size() - limits.findings(), severity.label() + " finding");
  }

  /** Adds what is below a note, kind by kind, as briefly as possible. */
  private void compactly(List<BothDirections> found, Severity severity) {
    if (!found.isEmpty()) {
      lines.gap();
    }
    Map<Kind, List<BothDirections>> byKind =
        found.stream()
            .collect(groupingBy(BothDirections::kind, LinkedHashMap::new, Collectors.toList()));
    int room = limits.findings();
    int left = 0;
    for (Map.Entry<Kind, List<BothDirections>> alike : byKind.entrySet()) {
      int count = alike.getValue().size();
      int printed = Math.min(count, Math.min(room, limits.alike()));
      room -= printed;
      alike.getValue().subList(0, printed).forEach(this::compactly);
      if (printed > 0) {
        more(MARGIN, count - printed, alike.getKey().code() + " finding");
      } else {
        left += count;
      }
    }
    more(MARGIN, left, severity.label() + " finding");
  }

  private void compactly(BothDirections one) {
    String where = where(one);
    heading(one, one.message() + (where.isEmpty() ? "" : " (" + where + ")"));
    because(one);
    messages(one);
  }

  private void heading(BothDirections one, String words) {
    String severity = one.severity().label().toUpperCase(Locale.ROOT);
    lines.add(one.severity(), severity, INDENT, " " + one.kind().code() + "  " + words);
  }

  private void whole(BothDirections one) {
    heading(one, one.message());
    String places =
        Stream.concat(Stream.of(where(one)), framesAtPoints(one))
            .filter(part -> !part.isEmpty())
            .collect(joining("; "));
    if (!places.isEmpty()) {
      lines.add(MARGIN, INDENT, places);
    }
    because(one);
    messages(one);
    one.parts().map(part -> part.finding().causes()).distinct().forEach(this::causes);
    if (!one.nextStep().isEmpty()) {
      lines.add(MARGIN + "-> ", INDENT + 3, one.nextStep());
    }
    one.parts()
        .flatMap(part -> CaptureCommand.of(report.evidence().comparison(), part).stream())
        .forEach(this::command);
  }

  private void command(CaptureCommand command) {
    lines.add(MARGIN + "-> ", INDENT + 3, command.purpose());
    if (shownCommands.add(command.tcpdump())) {
      lines.addCommand(MARGIN + "   ", command.tcpdump());
      if (detail != Detail.SHORT) {
        lines.addCommand(MARGIN + "   ", command.dumpcap());
      }
    } else {
      lines.add(MARGIN + "   ", INDENT + 3, "(the same command as above)");
    }
  }

  private void because(BothDirections one) {
    one.parts()
        .flatMap(part -> part.finding().because().stream())
        .distinct()
        .map(TextReport::because)
        .forEach(because -> lines.add(MARGIN, INDENT + 2, because));
  }

  private static String because(Explanation explanation) {
    return "because of " + explanation.by().code() + ": " + explanation.how();
  }

  /** Adds the messages of the first occurrences that have frames. */
  private void messages(BothDirections one) {
    one.occurrences().stream()
        .filter(occurrence -> !occurrence.message().isEmpty() && !occurrence.frames().isEmpty())
        .limit(limits.messages())
        .forEach(
            occurrence -> {
              FrameRef frame = occurrence.frames().get(0);
              String at = frame.point() + " frame " + frame.frame() + ": ";
              lines.add(MARGIN, INDENT + 2, at + occurrence.message());
            });
  }

  private void causes(List<Cause> causes) {
    if (!causes.isEmpty() && !shownCauses.add(causes)) {
      lines.add(MARGIN, INDENT, "the same " + Numbers.count(causes.size(), "cause") + " as above");
      return;
    }
    for (int i = 0; i < Math.min(limits.causes(), causes.size()); i++) {
      cause(i + 1, causes.get(i));
    }
    more(CAUSE_MARGIN, causes.size() - limits.causes(), "cause");
  }

  private void cause(int number, Cause cause) {
    String source = cause.source().isEmpty() ? "" : " [" + cause.source() + "]";
    lines.add(MARGIN + number + ". ", INDENT + 3, cause.cause() + source);
    cause.supporting().forEach(reason -> lines.add(CAUSE_MARGIN + "+ ", INDENT + 5, reason));
    cause.against().forEach(reason -> lines.add(CAUSE_MARGIN + "- ", INDENT + 5, reason));
  }

  private void more(String margin, int count, String what) {
    if (count > 0) {
      lines.add(
          margin, margin.length(), "and " + Numbers.count(count, "more " + what) + ", with -vv");
    }
  }

  /** Such as {@code client to server, 12 times on 3 of 7 connections}. */
  private String where(BothDirections one) {
    List<Occurrence> occurrences = one.occurrences();
    long connections =
        occurrences.stream().flatMapToInt(each -> each.connection().stream()).distinct().count();
    String times = Numbers.count(occurrences.size(), "time");
    String scope = scope(one);
    String on = scope.isEmpty() ? Numbers.count(connections, "connection") : scope;
    String where =
        connections == 0
            ? occurrences.size() == one.parts().count() ? "" : times
            : connections == occurrences.size() || one.back().isPresent()
                ? on
                : times + " on " + on;
    return Stream.of(one.way(), where).filter(part -> !part.isEmpty()).collect(joining(", "));
  }

  /** Texts such as {@code client frames 57, 13}, one for each point that shows it. */
  private Stream<String> framesAtPoints(BothDirections one) {
    return report.evidence().comparison().path().stream()
        .map(capture -> frames(one, capture.point()))
        .filter(frames -> !frames.isEmpty());
  }

  private String frames(BothDirections one, CapturePoint point) {
    BitSet frames = new BitSet();
    for (Occurrence occurrence : one.occurrences()) {
      for (FrameRef frame : occurrence.frames()) {
        if (frame.point().equals(point)) {
          frames.set(frame.frame());
        }
      }
    }
    int count = frames.cardinality();
    if (count == 0) {
      return "";
    }
    int more = count - limits.frames();
    return point
        + (count == 1 ? ": frame " : ": frames ")
        + frames.stream().limit(limits.frames()).mapToObj(String::valueOf).collect(joining(", "))
        + (more > 0 ? " (+" + Numbers.grouped(more) + " more)" : "");
  }

  /** Adds the provenance, or how to see more. */
  void end() {
    lines.gap();
    if (detail == Detail.SHORT) {
      lines.add("", 0, "-v adds causes, evidence, clocks and digests; -vv everything.");
    } else {
      lines.add("", 0, "Made of:");
      Provenance.of(report).stream().distinct().forEach(line -> lines.add("  ", 4, line));
    }
  }
}
