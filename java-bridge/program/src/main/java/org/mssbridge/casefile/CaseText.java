package org.mssbridge.casefile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mssbridge.casefile.CaseSummary.Boundary;
import org.mssbridge.casefile.CaseSummary.Duplicate;
import org.mssbridge.casefile.CaseSummary.NotCompared;
import org.mssbridge.casefile.CaseSummary.Run;
import org.mssbridge.model.Severity;
import org.mssbridge.report.TextLines;
import org.mssbridge.report.TextStyle;

/** The summary of a case as text. */
public final class CaseText {
  private static final int MOST_NOT_COMPARED = 10;
  private static final int MOST_CHANGES = 30;
  private static final int MOST_ACCEPTED = 10;
  private static final int MOST_DUPLICATES = 5;
  private static final int MOST_RUNS = 3;
  private static final int MOST_REASON_CHARS = 300;
  private static final int INDENT = 6;
  private static final String MARGIN = " ".repeat(INDENT);

  private final CaseSummary summary;
  private final TextLines lines;

  private CaseText(CaseSummary summary, TextStyle style) {
    this.summary = summary;
    this.lines = new TextLines(style);
  }

  /**
   * Renders the text: lines that end with {@code \n}.
   *
   * @param name the file as the user named it
   * @throws CaseFileException if a value of the case cannot be rendered
   */
  public static String render(Path name, CaseFile file, CaseSummary summary, TextStyle style)
      throws CaseFileException {
    return file.read(connection -> new CaseText(summary, style).render(name));
  }

  private String render(Path file) {
    lines.add("", 0, file + ": " + CaseWords.pairs(summary.extent()));
    lines.add("", INDENT, CaseWords.extent(summary.extent()));
    summary.remarks().forEach(remark -> lines.add("note: ", INDENT, remark));
    notCompared();
    trendOfAll();
    times();
    sentAgain();
    List<CaseChange> unexpected = changes(false);
    section("What was found, the severest first", unexpected, MOST_CHANGES);
    if (unexpected.isEmpty() && summary.extent().compared() > 0) {
      lines.gap();
      lines.add("", 0, "Nothing was found that is not expected.");
    }
    section("Expected, and accepted", changes(true), MOST_ACCEPTED);
    duplicates();
    runs();
    return lines.toString();
  }

  private List<CaseChange> changes(boolean accepted) {
    return summary.changes().stream().filter(c -> c.accepted().isPresent() == accepted).toList();
  }

  private void notCompared() {
    List<NotCompared> all = summary.notCompared();
    if (all.isEmpty()) {
      return;
    }
    lines.gap();
    lines.add("", 0, "Not compared:");
    for (NotCompared pair : all.subList(0, Math.min(MOST_NOT_COMPARED, all.size()))) {
      lines.add("  ", INDENT, pair.state().label() + " " + pair.pair() + ": " + cut(pair.reason()));
    }
    more("  ", all.size() - MOST_NOT_COMPARED, "pair");
  }

  private static String cut(String reason) {
    return reason.length() <= MOST_REASON_CHARS
        ? reason
        : reason.substring(0, MOST_REASON_CHARS) + "…";
  }

  private void trendOfAll() {
    if (summary.boundaries().isEmpty()) {
      return;
    }
    lines.gap();
    lines.add("", 0, "Boundaries:");
    for (Boundary boundary : summary.boundaries()) {
      String crossed =
          CaseWords.count(boundary.connections(), "connection")
              + " in "
              + CaseWords.count(boundary.pairs(), "pair")
              + "; "
              + CaseWords.functions(boundary);
      lines.add("  ", INDENT, boundary.near() + " > " + boundary.far() + ": " + crossed);
      if (summary.steps().size() > 1) {
        trend(Trend.of(summary.steps(), boundary.trend()));
      }
    }
  }

  private void times() {
    if (summary.times().isEmpty()) {
      return;
    }
    lines.gap();
    lines.add("", 0, "Where the time of requests went:");
    for (RequestTimes times : summary.times()) {
      lines.add("  ", INDENT, CaseWords.where(times) + ": " + CaseWords.parts(times));
      times.shifts().forEach(shift -> lines.add(MARGIN, INDENT, CaseWords.since(times, shift)));
      if (summary.steps().size() > 1 && times.trend().size() > 1) {
        trend(Trend.ofLevels(summary.steps(), times.trend()));
      }
    }
  }

  private void sentAgain() {
    if (summary.sentAgain().isEmpty()) {
      return;
    }
    lines.gap();
    lines.add("", 0, "Sent again:");
    for (SentAgain again : summary.sentAgain()) {
      lines.add("  ", INDENT, CaseWords.what(again) + ": " + CaseWords.where(again));
    }
  }

  private void trend(Trend trend) {
    String unit = summary.scale().label();
    String each = trend.stepsPerBar() == 1 ? "a " + unit : trend.stepsPerBar() + " " + unit + "s";
    lines.add(
        MARGIN + "[" + trend.bars() + "] ", INDENT, each.replace("a hour", "an hour") + " each");
  }

  private void section(String title, List<CaseChange> changes, int most) {
    if (changes.isEmpty()) {
      return;
    }
    lines.gap();
    lines.add("", 0, title + ":");
    if (summary.steps().size() > 1) {
      lines.add("", 0, "(in brackets the share of connections by time; · where it is none)");
    }
    changes.subList(0, Math.min(most, changes.size())).forEach(this::change);
    more(MARGIN, changes.size() - most, "kind");
  }

  private void change(CaseChange change) {
    Severity severity = change.severity();
    lines.add(
        severity,
        severity.label().toUpperCase(Locale.ROOT),
        INDENT,
        " " + change.code() + "  " + CaseWords.what(change));
    lines.add(MARGIN, INDENT, CaseWords.where(change) + CaseWords.when(change));
    Optional<Boundary> boundary = change.boundary(summary.boundaries());
    if (boundary.isPresent() && change.connections() > 0 && summary.steps().size() > 1) {
      trend(Trend.of(summary.steps(), change.trend(), boundary.get().trend()));
    }
    change.accepted().ifPresent(reason -> lines.add(MARGIN, INDENT, "accepted: " + reason));
  }

  private void duplicates() {
    List<Duplicate> all = summary.duplicates();
    if (all.isEmpty()) {
      return;
    }
    lines.gap();
    lines.add("", 0, "The same bytes more than once, and counted as often:");
    for (Duplicate duplicate : all.subList(0, Math.min(MOST_DUPLICATES, all.size()))) {
      long others = duplicate.places() - duplicate.examples().size();
      List<String> places = new ArrayList<>(duplicate.examples());
      if (others > 0) {
        places.add("and " + CaseWords.number(others) + " more");
      }
      String kind = duplicate.names() == 1 ? "one file, " : duplicate.names() + " files, ";
      lines.add("  ", INDENT, kind + duplicate.sha256() + ": " + String.join("; ", places));
    }
    more("  ", all.size() - MOST_DUPLICATES, "digest");
  }

  /** Adds the latest runs. */
  private void runs() {
    List<Run> all = summary.runs();
    lines.gap();
    lines.add("", 0, "Made by " + CaseWords.count(all.size(), "run") + ", all times in UTC:");
    int first = Math.max(0, all.size() - MOST_RUNS);
    for (Run run : all.subList(first, all.size())) {
      String ended = run.ended().map(t -> " to " + CaseWords.time(t)).orElse(", without an end");
      lines.add(
          "  ",
          INDENT,
          CaseWords.time(run.started())
              + ended
              + ": "
              + CaseWords.count(run.pairs(), "pair")
              + ", mssbridge "
              + run.version()
              + ", tshark "
              + run.tshark()
              + ", in "
              + run.directory()
              + ": mssbridge "
              + run.command());
    }
    more("  ", first, "run");
  }

  private void more(String margin, int count, String what) {
    if (count > 0) {
      lines.add(
          margin,
          margin.length(),
          "and " + CaseWords.count(count, "more " + what) + ", in the page of --html");
    }
  }
}
