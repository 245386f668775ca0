package org.mssbridge.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;
import org.mssbridge.report.TextLines;
import org.mssbridge.report.TextStyle;

/** The differences for people: what is new and what to do first, then the numbers. */
public final class DiffText {
  private static final int INDENT = 6;

  private final ReportDiff diff;
  private final TextStyle style;
  private final StringBuilder text = new StringBuilder();

  private DiffText(ReportDiff diff, TextStyle style) {
    this.diff = diff;
    this.style = style;
  }

  /** The text, with a line end after each line. */
  public static String render(ReportDiff diff, TextStyle style) {
    return new DiffText(diff, style).render();
  }

  private String good() {
    return diff.name(diff.good());
  }

  private String bad() {
    return diff.name(diff.bad());
  }

  private String render() {
    TextLines lines = new TextLines(style);
    lines.add("", 0, verdict());
    nextStep().ifPresent(step -> lines.add("Next: ", INDENT, step));
    singles(lines, "Only in " + bad() + ":", diff.added(), diff.good());
    changed(lines);
    singles(lines, "Only in " + good() + ":", diff.gone(), diff.bad());
    if (!diff.alike().isEmpty()) {
      lines.gap();
      lines.add("", INDENT, "In both, the same: " + codes(diff.alike().stream()));
    }
    text.append(lines);
    table();
    TextLines end = new TextLines(style);
    if (!diff.remarks().isEmpty()) {
      end.gap();
      end.add("", 0, "Bear in mind:");
      diff.remarks().forEach(remark -> end.add("  ", 4, remark));
    }
    return text.append(end).toString();
  }

  private String verdict() {
    List<String> parts = new ArrayList<>();
    long added = shown(diff.added()).size();
    if (added > 0) {
      parts.add(findings(added) + " only in " + bad());
    }
    long worse = diff.changed().stream().filter(this::isShown).count();
    if (worse > 0) {
      parts.add(findings(worse) + " changed");
    }
    long gone = shown(diff.gone()).size();
    if (gone > 0) {
      parts.add(findings(gone) + " only in " + good());
    }
    return parts.isEmpty()
        ? "Both reports have the same findings."
        : String.join(", ", parts) + ".";
  }

  private static String findings(long count) {
    return count == 1 ? "1 finding" : String.format(Locale.ROOT, "%,d findings", count);
  }

  /** That of the most severe finding that is new or worse. */
  private Optional<String> nextStep() {
    return Stream.concat(
            diff.added().stream().map(ReportDiff.Single::finding),
            diff.changed().stream()
                .filter(b -> b.bad().severity().compareTo(b.good().severity()) > 0)
                .map(ReportDiff.Both::bad))
        .filter(f -> f.severity().compareTo(Severity.NOTE) >= 0 && !f.nextStep().isEmpty())
        .reduce((one, other) -> other.severity().compareTo(one.severity()) > 0 ? other : one)
        .map(SavedFinding::nextStep);
  }

  /** Comments are what is recorded, and stand in the table. */
  private boolean isShown(Severity severity) {
    return style.detail() != TextStyle.Detail.SHORT || severity != Severity.COMMENT;
  }

  private boolean isShown(ReportDiff.Both both) {
    return isShown(both.good().severity()) || isShown(both.bad().severity());
  }

  /** What is shown as one line: the same in both directions, or a finding alone. */
  private List<List<ReportDiff.Single>> shown(List<ReportDiff.Single> singles) {
    Map<Object, List<ReportDiff.Single>> groups = new LinkedHashMap<>();
    for (ReportDiff.Single single : singles) {
      SavedFinding finding = single.finding();
      if (isShown(finding.severity())) {
        List<Object> line =
            List.of(
                finding.place().code(), finding.severity(), finding.message(), single.isChance());
        groups.computeIfAbsent(line, l -> new ArrayList<>()).add(single);
      }
    }
    return List.copyOf(groups.values());
  }

  private static String where(List<ReportDiff.Single> line) {
    SavedFinding first = line.get(0).finding();
    String directions =
        line.stream()
            .flatMap(single -> single.finding().place().direction().stream())
            .distinct()
            .map(Direction::words)
            .filter(words -> !first.message().contains(words))
            .collect(Collectors.joining(" and "));
    int connections = line.stream().mapToInt(s -> s.finding().connections()).max().orElse(0);
    String where =
        Stream.of(directions, connections(connections))
            .filter(w -> !w.isEmpty())
            .collect(Collectors.joining(", "));
    return where.isEmpty() ? "" : " (" + where + ")";
  }

  private void singles(
      TextLines lines, String head, List<ReportDiff.Single> singles, SavedReport other) {
    List<List<ReportDiff.Single>> shown = shown(singles);
    if (shown.isEmpty()) {
      return;
    }
    lines.gap();
    lines.add("", 0, head);
    for (List<ReportDiff.Single> line : shown) {
      SavedFinding finding = line.get(0).finding();
      String doubt =
          line.get(0).isChance() ? "; " + diff.name(other) + " has too few of them to show it" : "";
      lines.add(
          finding.severity(),
          finding.severity().label().toUpperCase(Locale.ROOT) + " ",
          INDENT,
          finding.place().code() + "  " + finding.message() + where(line) + doubt);
    }
  }

  private static String of(SavedFinding finding) {
    return finding.connections() == 0 ? "" : " (" + connections(finding.connections()) + ")";
  }

  private static String connections(int count) {
    return count == 0
        ? ""
        : count == 1 ? "1 connection" : String.format(Locale.ROOT, "%,d connections", count);
  }

  private void changed(TextLines lines) {
    List<ReportDiff.Both> shown = diff.changed().stream().filter(this::isShown).toList();
    if (shown.isEmpty()) {
      return;
    }
    lines.gap();
    lines.add("", 0, "In both, changed:");
    for (ReportDiff.Both both : shown) {
      SavedFinding bad = both.bad();
      String before =
          both.good().severity() == bad.severity() ? "" : both.good().severity().label() + ": ";
      lines.add(
          bad.severity(),
          bad.severity().label().toUpperCase(Locale.ROOT) + " ",
          INDENT,
          bad.place().code() + bad.place().direction().map(d -> ", " + d.words()).orElse(""));
      lines.add(
          "      " + good() + ": ", 2 * INDENT, before + both.good().message() + of(both.good()));
      lines.add("      " + bad() + ": ", 2 * INDENT, bad.message() + of(bad));
    }
  }

  private static String codes(Stream<SavedFinding> findings) {
    return findings
        .map(finding -> finding.place().code())
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining(", "));
  }

  private void table() {
    List<ReportDiff.Row> rows = new ArrayList<>();
    rows.add(new ReportDiff.Row("", good(), bad(), ReportDiff.Difference.NONE));
    rows.addAll(diff.rows());
    int names = width(rows.stream().map(ReportDiff.Row::name));
    int goods = width(rows.stream().map(ReportDiff.Row::good));
    int bads = width(rows.stream().map(ReportDiff.Row::bad));
    text.append('\n');
    for (ReportDiff.Row row : rows) {
      String line =
          pad(row.name(), names)
              + "  "
              + pad(row.good(), goods)
              + "  "
              + pad(row.bad(), bads)
              + switch (row.difference()) {
                case NONE -> "";
                case SURE -> "  differs";
                case TOO_FEW -> "  too few to compare";
              };
      text.append(line.stripTrailing()).append('\n');
    }
  }

  private static int width(Stream<String> cells) {
    return cells.map(Printable::of).mapToInt(c -> c.codePointCount(0, c.length())).max().orElse(0);
  }

  private static String pad(String cell, int width) {
    String shown = Printable.of(cell);
    return shown + " ".repeat(Math.max(0, width - shown.codePointCount(0, shown.length())));
  }
}
