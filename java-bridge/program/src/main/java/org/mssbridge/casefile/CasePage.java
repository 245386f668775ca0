package org.mssbridge.casefile;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mssbridge.casefile.CaseSummary.Boundary;
import org.mssbridge.casefile.CaseSummary.Duplicate;
import org.mssbridge.casefile.CaseSummary.Run;
import org.mssbridge.report.HtmlPage;

/** The summary of a case as one HTML page. */
public final class CasePage {
  private static final String SCRIPTS =
      "uplot/uPlot.iife.min.js dom.js print.js words.js severities.js table.js chart.js case-data.js"
          + " case-trend.js case-changes.js case-tables.js case.js";

  private final Path file;
  private final CaseSummary summary;
  private final Function<String, Optional<String>> pages;
  private final Map<String, Integer> steps = new HashMap<>();

  private CasePage(Path file, CaseSummary summary, Function<String, Optional<String>> pages) {
    this.file = file;
    this.pages = pages;
    this.summary = summary;
    for (String step : summary.steps()) {
      steps.put(step, steps.size());
    }
  }

  /**
   * Writes the page; the stream stays open.
   *
   * @param pages a link to the page of a pair, by its id
   * @throws IOException if the case cannot be read, or writing fails
   */
  public static void write(
      Path name,
      CaseFile file,
      CaseSummary summary,
      Function<String, Optional<String>> pages,
      OutputStream stream)
      throws IOException {
    CasePage page = new CasePage(name, summary, pages);
    HtmlPage html =
        new HtmlPage("case.html", List.of(SCRIPTS.split(" ")))
            .with("CASE", List.of(page::summary))
            .with("PAIRS", List.of(out -> PairsJson.write(file, pages, out)));
    file.export(connection -> html.write(stream));
  }

  private void summary(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("file", String.valueOf(file.getFileName()));
    out.writeStringField("pairs", CaseWords.pairs(summary.extent()));
    CaseSummary.Extent extent = summary.extent();
    out.writeNumberField("total_pairs", extent.compared() + extent.failed() + extent.unpaired());
    out.writeStringField("extent", CaseWords.extent(summary.extent()));
    out.writeStringField("scale", summary.scale().label());
    array("remarks", summary.remarks(), (remark, json) -> json.writeString(remark), out);
    array(
        "steps",
        summary.steps(),
        (step, json) -> json.writeNumber(summary.scale().epochSeconds(step)),
        out);
    array("boundaries", summary.boundaries(), this::boundary, out);
    array("times", summary.times(), this::times, out);
    array(
        "sent_again",
        summary.sentAgain(),
        (again, json) -> json.writeString(CaseWords.what(again) + ": " + CaseWords.where(again)),
        out);
    array("changes", summary.changes(), this::change, out);
    array("duplicates", summary.duplicates(), CasePage::duplicate, out);
    array("runs", summary.runs(), CasePage::run, out);
    out.writeEndObject();
  }

  /** Writes an element of an array. */
  private interface Element<T> {
    void write(T value, JsonGenerator out) throws IOException;
  }

  private static <T> void array(String name, List<T> values, Element<T> element, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (T value : values) {
      element.write(value, out);
    }
    out.writeEndArray();
  }

  private void boundary(Boundary boundary, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("near", boundary.near());
    out.writeStringField("far", boundary.far());
    out.writeNumberField("pairs", boundary.pairs());
    out.writeNumberField("connections", boundary.connections());
    out.writeStringField("functions", CaseWords.functions(boundary));
    trend(boundary.trend(), out);
    out.writeEndObject();
  }

  private void times(RequestTimes times, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("where", CaseWords.where(times));
    out.writeStringField("parts", CaseWords.parts(times));
    array(
        "shifts",
        times.shifts(),
        (shift, json) -> json.writeString(CaseWords.since(times, shift)),
        out);
    trend(times.trend(), out);
    out.writeEndObject();
  }

  private void change(CaseChange change, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("code", change.code());
    out.writeStringField("severity", change.severity().label());
    out.writeStringField("direction", change.direction().orElse(""));
    out.writeStringField("what", CaseWords.what(change));
    out.writeStringField("where", CaseWords.where(change));
    out.writeStringField("when", CaseWords.when(change));
    out.writeStringField("example", change.example());
    Optional<Boundary> boundary = change.boundary(summary.boundaries());
    out.writeNumberField("boundary", boundary.map(summary.boundaries()::indexOf).orElse(-1));
    out.writeNumberField("pairs", change.pairs());
    array("some_pairs", change.somePairs(), this::pair, out);
    out.writeNumberField("connections", change.connections());
    if (change.accepted().isPresent()) {
      out.writeStringField("accepted", change.accepted().get());
    }
    trend(change.trend(), out);
    out.writeEndObject();
  }

  private void pair(String id, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("pair", id);
    Optional<String> page = pages.apply(id);
    if (page.isPresent()) {
      out.writeStringField("page", page.get());
    }
    out.writeEndObject();
  }

  /** Writes pairs of step index and number; steps without a number are left out. */
  private void trend(Map<String, Long> numbers, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("trend");
    for (String step : summary.steps()) {
      if (numbers.containsKey(step)) {
        out.writeNumber(steps.get(step));
        out.writeNumber(numbers.get(step));
      }
    }
    out.writeEndArray();
  }

  private static void duplicate(Duplicate duplicate, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("sha256", duplicate.sha256());
    out.writeNumberField("places", duplicate.places());
    out.writeNumberField("names", duplicate.names());
    out.writeStringField("files", String.join("; ", duplicate.examples()));
    out.writeEndObject();
  }

  private static void run(Run run, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("started", CaseWords.time(run.started()));
    out.writeStringField("ended", run.ended().map(CaseWords::time).orElse("without an end"));
    out.writeStringField("version", run.version());
    out.writeStringField("tshark", run.tshark());
    out.writeStringField("command", run.command());
    out.writeStringField("directory", run.directory());
    out.writeNumberField("pairs", run.pairs());
    out.writeEndObject();
  }
}
