package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.finding.Findings.Reported;

/** The report as one HTML page. */
final class HtmlReport {
  static final Sink SINK =
      new FileSink(
          "html",
          "write the report as a single HTML page",
          Optional.of("write one page per pair; case --pages links them"),
          HtmlReport::write);

  private static final String SCRIPTS =
      "uplot/uPlot.iife.min.js dom.js print.js words.js data.js commands.js codes.js path.js severities.js"
          + " findings.js table.js connections.js flows.js lost.js ladder-layout.js ladder.js chart.js plot.js"
          + " over-time.js"
          + " evidence.js overview.js connection.js main.js";

  private HtmlReport() {}

  /**
   * Writes the page without closing the stream.
   *
   * @throws IOException if writing fails
   */
  static void write(Report report, OutputStream stream) throws IOException {
    PageScope scope = PageScope.of(report);
    LadderJson ladders = new LadderJson(report, scope);
    new HtmlPage("page.html", List.of(SCRIPTS.split(" ")))
        .with("REPORT", List.of(out -> JsonReport.write(report, scope, out)))
        .with("PATH", List.of(out -> new PathJson(report.evidence(), out).write()))
        .with("LOST", List.of(out -> new LostJson(report.evidence(), out).write()))
        .with("ENTRIES", List.of(out -> writeEntries(report, out)))
        .with("CODES", List.of(out -> writeCodes(report, out)))
        // One line per connection, so the page parses only the one that is opened.
        .with(
            "LADDERS",
            ladders.connections().stream()
                .<HtmlPage.Json>map(traced -> out -> ladders.write(traced, out))
                .toList())
        .write(stream);
  }

  /**
   * Writes the entries of the list of findings, each with the indexes of its findings and what they
   * say together, if that is more.
   */
  private static void writeEntries(Report report, JsonGenerator out) throws IOException {
    IdentityHashMap<Reported, Integer> indexes = new IdentityHashMap<>();
    report.findings().forEach(reported -> indexes.put(reported, indexes.size()));
    out.writeStartArray();
    for (BothDirections entry : BothDirections.of(report.findings())) {
      out.writeStartObject();
      out.writeArrayFieldStart("findings");
      for (Reported reported : entry.parts().toList()) {
        out.writeNumber(indexes.get(reported));
      }
      out.writeEndArray();
      Optional<String> both = entry.ownMessage();
      if (both.isPresent()) {
        out.writeStringField("both", both.get());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** Writes what the codes of the findings mean. */
  private static void writeCodes(Report report, JsonGenerator out) throws IOException {
    Set<String> codes = new LinkedHashSet<>();
    report.findings().forEach(reported -> codes.add(reported.finding().kind().code()));
    out.writeStartObject();
    for (String code : codes) {
      out.writeFieldName(code);
      CodePage.of(code).write(out);
    }
    out.writeEndObject();
  }
}
