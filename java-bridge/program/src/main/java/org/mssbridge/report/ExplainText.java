package org.mssbridge.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.mssbridge.finding.Kind;
import org.mssbridge.knowledge.Explanation;
import org.mssbridge.knowledge.Explanation.Reading;
import org.mssbridge.knowledge.Knowledge.Fit;
import org.mssbridge.knowledge.KnowledgeRow;
import org.mssbridge.knowledge.TunnelArithmetic;

/** Writes an explanation as plain text of at most 100 columns and about 40 lines. */
public final class ExplainText {
  private static final int COLUMNS = 100;
  private static final int MAX_FITS = 5;
  private static final int MAX_TUNNELS = 3;
  private static final String HANGING = " ".repeat(11);

  private ExplainText() {}

  /** The text, in lines that end with {@code \n}. */
  public static String render(Explanation explanation) {
    List<String> lines = new ArrayList<>();
    if (!explanation.known()) {
      lines.add(explanation.number() + ": no known value and no usual tunnel gives it");
    }
    for (Reading reading : explanation.readings()) {
      lines.add(explanation.number() + " as " + reading.as().label());
      fits(lines, reading);
      tunnels(lines, reading.tunnels());
      reading.sizes().forEach(size -> wrap(lines, "  sizes    ", size));
    }
    explanation.notes().forEach(note -> wrap(lines, "note: ", note));
    return String.join("\n", lines) + "\n";
  }

  /** What a finding means: its meaning, when it fires, and its sources. */
  public static String render(Kind kind) {
    CodePage page;
    try {
      page = CodePage.of(kind.code());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    TextLines lines = new TextLines(TextStyle.plain(TextStyle.Detail.SHORT));
    lines.add(
        "",
        0,
        String.format(
            "%s (%s, %s): %s",
            kind.code(), kind.severity().label(), kind.group().label(), page.meaning()));
    lines.gap();
    page.fires().lines().forEach(line -> lines.add("", line.startsWith("- ") ? 2 : 0, line));
    lines.gap();
    lines.add("", 0, "Sources: " + page.sources());
    return lines.toString();
  }

  private static void fits(List<String> lines, Reading reading) {
    List<Fit> fits = reading.fits();
    for (Fit fit : fits.subList(0, Math.min(MAX_FITS, fits.size()))) {
      KnowledgeRow row = fit.row();
      boolean exact = row.kind() == KnowledgeRow.Kind.EXACT;
      String family = row.families().size() > 1 ? "" : " (" + fit.family().label() + ")";
      wrap(
          lines,
          exact ? "  exact    " : "  hint     ",
          fit.label() + family + " [" + row.source() + "]");
      if (reading.widespread().containsKey(fit)) {
        wrap(lines, HANGING, "widespread: " + reading.widespread().get(fit));
      }
      if (!row.decides().isEmpty()) {
        wrap(lines, HANGING, "check: " + row.decides());
      }
    }
    more(lines, fits.size() - MAX_FITS);
  }

  private static void tunnels(List<String> lines, List<TunnelArithmetic.Fit> tunnels) {
    for (TunnelArithmetic.Fit fit : tunnels.subList(0, Math.min(MAX_TUNNELS, tunnels.size()))) {
      String link = fit.linkMtuBytes() == 1500 ? "" : fit.linkName() + ": ";
      wrap(lines, "  tunnel   ", link + fit.arithmetic());
    }
    more(lines, tunnels.size() - MAX_TUNNELS);
  }

  private static void more(List<String> lines, int count) {
    if (count > 0) {
      lines.add(HANGING + "and " + count + " more");
    }
  }

  /** Breaks at spaces and indents the further lines to where the text begins. */
  private static void wrap(List<String> lines, String first, String text) {
    StringBuilder line = new StringBuilder(first);
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > COLUMNS) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(first.length()));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
  }
}
