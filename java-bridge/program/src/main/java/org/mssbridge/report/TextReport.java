package org.mssbridge.report;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.FrameRef;
import org.mssbridge.model.Severity;

/** The summary for people: the verdict first, then the evidence for it. */
public final class TextReport {
  private static final List<Severity> SEVEREST_FIRST =
      Stream.of(Severity.values()).sorted(Comparator.reverseOrder()).toList();
  private static final int MAX_MESSAGES = 3;
  private static final int MAX_FRAMES = 5;
  private static final int MAX_CAUSES = 4;
  private static final int MAX_FINDINGS = 20;
  private static final int INDENT = 6;
  private static final String MARGIN = " ".repeat(INDENT);
  private static final String CAUSE_MARGIN = " ".repeat(INDENT + 3);

  private final Report report;
  private final TextLines lines;
  private final Set<String> shownCommands = new HashSet<>();
  private final Set<List<Cause>> shownCauses = new HashSet<>();

  private TextReport(Report report, boolean colour) {
    this.report = report;
    this.lines = new TextLines(colour);
  }

  /**
   * The text, in lines of at most about 100 columns that end with {@code \n}.
   *
   * @param colour whether severities are coloured by escape sequences of a terminal
   */
  public static String render(Report report, boolean colour) {
    return new TextReport(report, colour).render();
  }

  /** The findings alone. */
  static String findings(Report report, boolean colour) {
    TextReport text = new TextReport(report, colour);
    text.lines.gap();
    text.counts();
    SEVEREST_FIRST.forEach(text::findings);
    return text.lines.toString();
  }

  private String render() {
    lines.add("", 0, Verdict.of(report));
    lines.gap();
    report.evidence().comparison().captures().forEach(this::capture);
    counts();
    SEVEREST_FIRST.forEach(this::findings);
    if (!report.checked().isEmpty()) {
      lines.gap();
      lines.add("", 0, "Checked, not found:");
      report.checked().forEach(line -> lines.add("  ", 4, line));
    }
    return lines + provenance(report);
  }

  /** The provenance, which comes last. */
  static String provenance(Report report) {
    TextLines lines = new TextLines(false);
    lines.gap();
    lines.add("", 0, "Made of:");
    Provenance.of(report).forEach(line -> lines.add("  ", 4, line));
    return lines.toString();
  }

  private void capture(PointCapture capture) {
    String packets = count(capture.extent().packets(), "packet");
    CapturePoint point = capture.point();
    lines.add(
        "",
        INDENT,
        point + ": " + report.fileName(point) + ", " + packets + shortcomings(capture.extent()));
  }

  /** What is missing in a capture, to stand after its size. */
  static String shortcomings(PointCapture.Extent extent) {
    int untimed = extent.untimedPackets();
    String times =
        untimed == 0
            ? ""
            : untimed == extent.packets()
                ? ", none with a time"
                : ", " + untimed + " of them without a time";
    return times + (extent.complete() ? "" : ", cut short or damaged");
  }

  private void counts() {
    List<String> counts = new ArrayList<>();
    for (Severity severity : SEVEREST_FIRST) {
      long count =
          report.findings().stream().filter(r -> r.finding().severity() == severity).count();
      if (count > 0) {
        counts.add(count + " " + severity.label());
      }
    }
    long matched = report.evidence().comparison().matched();
    String findings = counts.isEmpty() ? "no findings" : "findings: " + String.join(", ", counts);
    boolean alone = report.evidence().comparison().captures().size() == 1;
    lines.add(
        "",
        0,
        alone
            ? findings
            : findings + "; " + count(matched, "connection") + " seen at two points or more");
  }

  private void findings(Severity severity) {
    List<Reported> found = report.findings().stream().filter(r -> r.place() == severity).toList();
    boolean compact = severity.compareTo(Severity.NOTE) < 0;
    if (compact && !found.isEmpty()) {
      lines.gap();
    }
    for (Reported reported : found.subList(0, Math.min(MAX_FINDINGS, found.size()))) {
      if (compact) {
        String where = where(reported);
        heading(reported, where.isEmpty() ? "" : " (" + where + ")");
        because(reported.finding());
        messages(reported);
      } else {
        lines.gap();
        whole(reported);
      }
    }
    more(MARGIN, found.size() - MAX_FINDINGS, severity.label() + " finding");
  }

  private void heading(Reported reported, String suffix) {
    Finding finding = reported.finding();
    String severity = finding.severity().label().toUpperCase(Locale.ROOT);
    lines.add(
        finding.severity(),
        severity,
        INDENT,
        " " + finding.kind().code() + "  " + finding.message() + suffix);
  }

  private void whole(Reported reported) {
    heading(reported, "");
    String places =
        Stream.concat(Stream.of(where(reported)), frames(reported))
            .filter(part -> !part.isEmpty())
            .collect(joining("; "));
    if (!places.isEmpty()) {
      lines.add(MARGIN, INDENT, places);
    }
    because(reported.finding());
    messages(reported);
    causes(reported.finding().causes());
    if (!reported.finding().nextStep().isEmpty()) {
      lines.add(MARGIN + "-> ", INDENT + 3, reported.finding().nextStep());
    }
    CaptureCommand.of(report.evidence().comparison(), reported).ifPresent(this::command);
  }

  /** Adds the commands for a further capture; the same commands are not repeated. */
  private void command(CaptureCommand command) {
    lines.add(MARGIN + "-> ", INDENT + 3, command.purpose());
    if (shownCommands.add(command.tcpdump())) {
      lines.addCommand(MARGIN + "   ", command.tcpdump());
      lines.addCommand(MARGIN + "   ", command.dumpcap());
    } else {
      lines.add(MARGIN + "   ", INDENT + 3, "(the same command as above)");
    }
  }

  private void because(Finding finding) {
    for (Explanation explanation : finding.because()) {
      lines.add(
          MARGIN, INDENT + 2, "because of " + explanation.by().code() + ": " + explanation.how());
    }
  }

  /** Adds the messages of the first occurrences that have frames. */
  private void messages(Reported reported) {
    reported.occurrences().stream()
        .filter(occurrence -> !occurrence.message().isEmpty() && !occurrence.frames().isEmpty())
        .limit(MAX_MESSAGES)
        .forEach(
            occurrence -> {
              FrameRef frame = occurrence.frames().get(0);
              String at = frame.point() + " frame " + frame.frame() + ": ";
              lines.add(MARGIN, INDENT + 2, at + occurrence.message());
            });
  }

  private void causes(List<Cause> causes) {
    if (!causes.isEmpty() && !shownCauses.add(causes)) {
      lines.add(MARGIN, INDENT, "the same " + count(causes.size(), "cause") + " as above");
      return;
    }
    for (int i = 0; i < Math.min(MAX_CAUSES, causes.size()); i++) {
      cause(i + 1, causes.get(i));
    }
    more(CAUSE_MARGIN, causes.size() - MAX_CAUSES, "cause");
  }

  private void cause(int number, Cause cause) {
    String source = cause.source().isEmpty() ? "" : " [" + cause.source() + "]";
    lines.add(MARGIN + number + ". ", INDENT + 3, cause.cause() + source);
    cause.supporting().forEach(reason -> lines.add(CAUSE_MARGIN + "+ ", INDENT + 5, reason));
    cause.against().forEach(reason -> lines.add(CAUSE_MARGIN + "- ", INDENT + 5, reason));
  }

  private void more(String margin, int count, String what) {
    if (count > 0) {
      lines.add(margin, margin.length(), "and " + count(count, "more " + what) + ", in the JSON");
    }
  }

  /** Such as {@code c2s, 12 times on 3 connections}. */
  private static String where(Reported reported) {
    int times = reported.occurrences().size();
    String connections = Verdict.connections(reported);
    String direction = reported.finding().direction().map(Direction::label).orElse("");
    String where;
    if (connections.startsWith("0 ")) {
      where = times == 1 ? "" : times + " times";
    } else {
      where =
          connections.startsWith(times + " ") ? connections : times + " times on " + connections;
    }
    return Stream.of(direction, where).filter(part -> !part.isEmpty()).collect(joining(", "));
  }

  /** Texts such as {@code client: frames 57, 13}, one for each point that shows it. */
  private Stream<String> frames(Reported reported) {
    return report.evidence().comparison().path().stream()
        .map(capture -> frames(reported, capture.point()));
  }

  private static String frames(Reported reported, CapturePoint point) {
    Set<Integer> frames =
        reported.occurrences().stream()
            .flatMap(occurrence -> occurrence.frames().stream())
            .filter(frame -> frame.point().equals(point))
            .map(FrameRef::frame)
            .collect(toCollection(LinkedHashSet::new));
    if (frames.isEmpty()) {
      return "";
    }
    int more = frames.size() - MAX_FRAMES;
    return point
        + (frames.size() == 1 ? ": frame " : ": frames ")
        + frames.stream().limit(MAX_FRAMES).map(String::valueOf).collect(joining(", "))
        + (more > 0 ? " (+" + more + " more)" : "");
  }

  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
