package org.mssbridge.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;
import org.mssbridge.output.OutputException;
import org.mssbridge.pipeline.Input;
import org.mssbridge.pipeline.ReadProgress;
import org.mssbridge.report.Report;
import org.mssbridge.report.ReportFiles;
import org.mssbridge.report.TextReport;
import org.mssbridge.tshark.CaptureCheck;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all commands share that read captures and report on them: options, and the way through. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
abstract class ReportCommand implements Callable<Integer> {
  @Option(names = "--json", paramLabel = "FILE", description = "write the report as JSON")
  private Path json;

  @Option(
      names = "--ek",
      paramLabel = "FILE",
      description = "write the findings as newline-delimited JSON for a _bulk request")
  private Path ek;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "write the report as one page that a browser opens from disk")
  private Path html;

  @Option(
      names = "--annotate",
      paramLabel = "DIR",
      description = "write copies of the captures with the findings as packet comments")
  private Path annotate;

  @Option(
      names = "--merged",
      paramLabel = "FILE",
      description =
          "write the packets of all captures into one file, on one clock, with the findings")
  private Path merged;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "exit with 1 if a finding is that severe: ${COMPLETION-CANDIDATES}")
  private Severity failOn;

  @CommandLine.Mixin private ReadingOptions reading;

  @Option(
      names = "--quiet",
      description = "no progress, warnings or names of copies; the report and errors only")
  private boolean quiet;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws TsharkException, IOException, InterruptedException {
    checkUsage();
    List<Path> captures = captures();
    Instant started = RunTime.now();
    for (Path capture : captures) {
      CaptureCheck.check(capture);
    }
    List<CapturePoint> points = points();
    ReportFiles files = new ReportFiles(captures);
    files.checkOutputs(
        Optional.ofNullable(json),
        Optional.ofNullable(ek),
        Optional.ofNullable(merged),
        Optional.ofNullable(html));
    if (annotate != null) {
      files.checkAnnotated(annotate, points);
    }
    Tshark reader = reading.findTshark();
    if (!quiet) {
      warnOfSameFile();
    }
    Report report =
        reading.pipeline(reader).run(inputs(captures, points), tool(started, reader), progress());
    write(report, files);
    return worst(report) ? Main.FAILED_ON_FINDING : Main.DONE;
  }

  private void checkUsage() {
    reading.check();
    if (annotate != null || merged != null) {
      reading.checkUnfiltered(annotate != null ? "--annotate" : "--merged");
    }
    Terminal.checkApart(
        spec, List.of("--json", "--ek", "--merged", "--html"), json, ek, merged, html);
  }

  /** The captures that the command line names. */
  abstract List<Path> captures();

  /** Where they were taken, in the same order. */
  abstract List<CapturePoint> points();

  private void warnOfSameFile() throws IOException {
    List<Path> captures = captures();
    for (int i = 1; i < captures.size(); i++) {
      if (Files.isSameFile(captures.get(i - 1), captures.get(i))) {
        err()
            .println(
                "mssbridge: warning: "
                    + Printable.of(captures.get(i))
                    + " is given twice; a capture compared with itself shows only what is in it");
      }
    }
  }

  private ReadProgress progress() {
    return quiet || !Terminal.isTerminal("stderr")
        ? ReadProgress.none()
        : Progress.onTerminal(captures());
  }

  private static List<Input> inputs(List<Path> captures, List<CapturePoint> points) {
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < captures.size(); i++) {
      inputs.add(Input.of(points.get(i), captures.get(i)));
    }
    return inputs;
  }

  private Report.Tool tool(Instant started, Tshark reader) {
    return new Report.Tool(
        Version.text(),
        reader.version().text(),
        List.copyOf(spec.commandLine().getParseResult().originalArgs()),
        started);
  }

  private void write(Report report, ReportFiles files) throws OutputException {
    if (json != null) {
      files.writeJson(report, json);
    }
    if (ek != null) {
      files.writeEk(report, ek);
    }
    if (html != null) {
      files.writeHtml(report, html);
    }
    if (annotate != null) {
      Map<CapturePoint, Path> outputs = files.annotate(report, annotate);
      if (!quiet) {
        outputs.forEach(
            (point, path) ->
                err().println("mssbridge: " + point + " annotated: " + Printable.of(path)));
      }
    }
    if (merged != null) {
      files.merge(report, merged);
    }
    Terminal.print(render(report, Terminal.isColourful()), spec);
  }

  /** The report for standard output. */
  String render(Report report, boolean colour) {
    return TextReport.render(report, colour);
  }

  private boolean worst(Report report) {
    return failOn != null
        && report.findings().stream()
            .anyMatch(found -> found.finding().severity().compareTo(failOn) >= 0);
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
