package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FileState;
import org.mssbridge.model.Given;
import org.mssbridge.model.Input;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.output.Outputs;
import org.mssbridge.pipeline.Frames;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.pipeline.ReadProgress;
import org.mssbridge.pipeline.SplitInputs;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;
import org.mssbridge.report.Sink;
import org.mssbridge.report.TextReport;
import org.mssbridge.report.TextStyle;
import org.mssbridge.timing.Stage;
import org.mssbridge.timing.Stopwatch;
import org.mssbridge.tshark.CaptureCheck;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A command that reads captures and reports on them: shared options and steps. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    modelTransformer = SinkOptions.OfReport.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:done",
      "1:done, and a finding reached --fail-on",
      "2:the command line is wrong",
      "3:a capture or tshark cannot be used, or an output cannot be written",
      "130:interrupted"
    },
    footerHeading = "Examples:%n")
abstract class ReportCommand implements Callable<Integer> {
  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description =
          "exit with 1 if a finding is at least that severe: comment, chat, note, warn, error")
  private Severity failOn;

  @CommandLine.Mixin private ReadingOptions reading;

  @Option(
      names = "--quiet",
      description = "print only the report and errors: no progress, no warnings")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "more detail, and on standard error how each capture is read; -vv: everything")
  private boolean[] verbose = {};

  @Option(
      names = "--open",
      description = "open annotated copies in Wireshark, at the first frame that a finding names")
  private boolean open;

  @Option(names = "--wireshark", paramLabel = "PATH", description = "use this Wireshark")
  private String wireshark = Wireshark.PROGRAM;

  @CommandLine.ParentCommand private Main main;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws TsharkException, IOException, InterruptedException {
    Map<Sink, Path> sinks = SinkOptions.given(spec);
    checkUsage(sinks);
    if (!open) {
      return call(sinks, Optional.empty());
    }
    Wireshark.require(
        wireshark,
        main.environment(),
        "take --annotate DIR for --open, and open the copies where there is a Wireshark with a"
            + " display");
    try (EvidenceWindows windows = EvidenceWindows.of(sinks, this::inform)) {
      return call(sinks, Optional.of(windows));
    }
  }

  private int call(Map<Sink, Path> sinks, Optional<EvidenceWindows> windows)
      throws TsharkException, IOException, InterruptedException {
    Timekeeping timekeeping = reading.timekeeping();
    Stopwatch stopwatch = timekeeping.stopwatch();
    List<Path> captures = captures();
    Instant started = main.environment().runTime();
    for (Path capture : captures) {
      CaptureCheck.check(capture);
    }
    List<Input> given = inputs(captures, points());
    OutputFiles files = new OutputFiles(captures);
    check(sinks, given, files);
    stopwatch.enter(Stage.TSHARK);
    Tshark reader = reading.findTshark();
    if (!quiet) {
      warnOfSameFile();
    }
    Given known = given();
    Pipeline pipeline = reading.pipeline(reader, Frames.evidence(), stopwatch).with(known);
    Report report;
    List<OutputException> failures;
    List<String> written = new ArrayList<>(); // Said when the progress no longer has the line.
    try (ReadProgress progress = progress();
        SplitInputs split = pipeline.split(given)) {
      checkPoints(split);
      checkGiven(known, split);
      if (!split.inputs().equals(given)) {
        check(sinks, split.inputs(), files);
      }
      report = pipeline.run(split.inputs(), tool(started, reader), progress);
      progress.enter(ReadProgress.Stage.WRITING);
      failures = write(report, sinks, files, written, stopwatch);
    }
    stopwatch.enter(Stage.PRINTING);
    if (verbosity() > 0) {
      report.captures().forEach(capture -> say(capture.point() + ": " + howRead(capture)));
    }
    written.forEach(this::inform);
    Terminal.print(
        render(report, Terminal.style(main.environment(), TextStyle.Detail.of(verbosity()))), spec);
    stopwatch.stop();
    timekeeping.print(spec.commandLine().getErr());
    if (!failures.isEmpty()) {
      return main.complaints().ofOutputs(failures);
    }
    if (windows.isPresent()) {
      windows.get().open(report, wireshark, reader);
    }
    return worst(report) ? Main.FAILED_ON_FINDING : Main.DONE;
  }

  /** How much the report holds: 0, or the number of times that {@code -v} is given. */
  final int verbosity() {
    return verbose.length;
  }

  private void checkUsage(Map<Sink, Path> sinks) {
    reading.check();
    if (quiet && verbosity() > 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--quiet and --verbose exclude each other");
    }
    sinks.keySet().stream()
        .filter(Sink::copiesPackets)
        .findFirst()
        .ifPresent(sink -> reading.checkUnfiltered(sink.option()));
    if (open) {
      reading.checkUnfiltered("--open");
    }
  }

  private void check(Map<Sink, Path> sinks, List<Input> inputs, OutputFiles files)
      throws OutputException {
    Map<CapturePoint, Path> captures = Input.files(inputs);
    Map<String, List<Path>> written = new LinkedHashMap<>();
    sinks.forEach((sink, place) -> written.put(sink.option(), sink.files(place, captures)));
    Terminal.checkApart(spec, files.inputs(), written);
    for (Map.Entry<Sink, Path> sink : sinks.entrySet()) {
      sink.getKey().check(sink.getValue(), captures, files);
    }
  }

  /** What the command line says about the captures. */
  Given given() {
    return Given.NOTHING;
  }

  private void checkGiven(Given known, SplitInputs split) {
    List<String> names = split.inputs().stream().map(input -> input.point().name()).toList();
    for (String name : known.offsetNanos().keySet()) {
      if (!names.contains(name)) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            "--clock-offset: no capture point is named "
                + Printable.of(name)
                + "; there are "
                + Printable.of(String.join(", ", names)));
      }
      if (name.equals(names.get(0))) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            "--clock-offset: the clock of "
                + Printable.of(name)
                + " is the one that the others are compared with; name another point");
      }
    }
  }

  /** The captures that the command line names. */
  abstract List<Path> captures();

  /**
   * Rejects captures that this command cannot work on.
   *
   * @throws TsharkException if they are too few
   */
  void checkPoints(SplitInputs split) throws TsharkException {}

  /** Their capture points, in the same order. */
  abstract List<CapturePoint> points();

  private void warnOfSameFile() throws IOException {
    List<Path> captures = captures();
    for (int i = 1; i < captures.size(); i++) {
      if (Files.isSameFile(captures.get(i - 1), captures.get(i))) {
        say(
            "warning: "
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
      inputs.add(Input.of(points.get(i), FileState.of(captures.get(i))));
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

  private static String howRead(ReadCapture capture) {
    return capture
        .notSifted()
        .map(reason -> "read slowly, tshark decodes every packet: " + Printable.of(reason))
        .orElse("read fast: tshark decodes only the packets that need it");
  }

  /** Writes the outputs, and returns what kept some from being written. */
  private static List<OutputException> write(
      Report report,
      Map<Sink, Path> sinks,
      OutputFiles files,
      List<String> written,
      Stopwatch stopwatch) {
    Outputs outputs = new Outputs(written::add);
    sinks.forEach(
        (sink, place) -> {
          stopwatch.enter(Stage.WRITING, sink.option());
          sink.write(report, place, files, outputs);
        });
    return outputs.failures();
  }

  /** The report for standard output. */
  String render(Report report, TextStyle style) {
    return TextReport.render(report, style);
  }

  private boolean worst(Report report) {
    return failOn != null
        && report.findings().stream()
            .anyMatch(found -> found.finding().severity().compareTo(failOn) >= 0);
  }

  private void inform(String line) {
    if (!quiet) {
      say(line);
    }
  }

  private void say(String line) {
    spec.commandLine().getErr().println("mssbridge: " + line);
  }
}
