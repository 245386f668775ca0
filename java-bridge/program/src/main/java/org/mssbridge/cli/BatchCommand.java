package org.mssbridge.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.mssbridge.batch.Batch;
import org.mssbridge.batch.BatchException;
import org.mssbridge.batch.BatchProgress;
import org.mssbridge.batch.CapturePair;
import org.mssbridge.batch.FolderPairs;
import org.mssbridge.batch.Manifest;
import org.mssbridge.batch.PairOutputs;
import org.mssbridge.batch.Policy;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.Expectations;
import org.mssbridge.casefile.StartedRun;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;
import org.mssbridge.output.OutputException;
import org.mssbridge.pipeline.Frames;
import org.mssbridge.report.Sink;
import org.mssbridge.timing.Stage;
import org.mssbridge.tshark.CaptureTools;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge batch MANIFEST --case CASE.db}. */
@Command(
    name = "batch",
    description = "Compares many pairs of captures and records them in a case file.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    modelTransformer = SinkOptions.OfBatch.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:all pairs were compared",
      "1:a finding that was not expected reached --fail-on",
      "2:the command line is wrong",
      "3:tshark or the case file cannot be used, or an output cannot be written",
      "4:the batch ended, and some pairs could not be compared",
      "130:interrupted; run it again: it resumes and repeats nothing"
    },
    footerHeading = "Examples:%n",
    footer = {
      "  mssbridge batch pairs.csv --case today.db",
      "  mssbridge batch --pair 'client/*.pcap=server/*.pcap' --case today.db",
      "  mssbridge batch pairs.csv --case today.db --expect known.csv --fail-on warn"
    })
final class BatchCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "MANIFEST",
      description = "CSV with a header, or NDJSON: id, then one column per capture point")
  private Path manifest;

  @Option(
      names = "--pair",
      paramLabel = "PATTERN=PATTERN",
      description =
          "find the pairs by file name instead: one pattern per capture point, in path order")
  private String patterns;

  @Option(
      names = "--case",
      paramLabel = "FILE",
      required = true,
      description = "the case file; created if it does not exist")
  private Path caseFile;

  @Option(
      names = "--jobs",
      paramLabel = "NUMBER",
      description = "pairs compared at once (default: one per processor)")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(names = "--retry", description = "retry failed pairs, even if their files are unchanged")
  private boolean retry;

  @Option(
      names = "--expect",
      paramLabel = "FILE",
      description = "known and accepted findings, as CSV or NDJSON")
  private Path expect;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "exit with 1 if a finding is at least that severe and not expected")
  private Severity failOn;

  @CommandLine.Mixin private ReadingOptions reading;

  @Option(names = "--quiet", description = "no progress and no summary; errors only")
  private boolean quiet;

  @CommandLine.ParentCommand private Main main;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call()
      throws TsharkException, BatchException, CaseFileException, IOException, InterruptedException {
    Map<Sink, Path> sinks = SinkOptions.given(spec);
    checkUsage(sinks);
    Timekeeping timekeeping = reading.timekeeping();
    Instant started = main.environment().runTime();
    Policy policy = expect == null ? Policy.none() : Policy.read(expect);
    timekeeping.stopwatch().enter(Stage.TSHARK);
    Tshark reader = reading.findTshark();
    timekeeping.stopwatch().stop();
    CaptureTools tools = new CaptureTools(reader);
    List<CapturePair> pairs = pairs(tools);
    PairOutputs outputs = PairOutputs.of(sinks, pairs);
    checkPlaces(outputs, pairs);
    Batch.Settings settings =
        new Batch.Settings(
            reading.pipeline(reader, Frames.evidenceOfRun(), timekeeping.stopwatch()),
            tools,
            outputs,
            jobs,
            retry ? Batch.Repeat.FAILED : Batch.Repeat.NONE,
            main.complaints()::trace);
    try (CaseFile file = CaseFile.forWriting(caseFile)) {
      Batch.Outcome outcome = compare(pairs, settings, file, run(started, reader));
      int status = report(pairs, outcome, policy, new Expectations(file));
      out().flush();
      timekeeping.print(spec.commandLine().getErr());
      return status;
    }
  }

  private void checkPlaces(PairOutputs outputs, List<CapturePair> pairs) throws OutputException {
    List<Path> inputs = new ArrayList<>();
    Stream.of(manifest, expect).filter(Objects::nonNull).forEach(inputs::add);
    pairs.forEach(pair -> pair.sources().forEach(source -> inputs.addAll(source.paths())));
    Map<String, List<Path>> files = new LinkedHashMap<>();
    files.put("--case", Batch.files(caseFile));
    files.putAll(outputs.files(pairs));
    Terminal.checkApart(spec, inputs, files);
    outputs.check(pairs);
  }

  private Batch.Outcome compare(
      List<CapturePair> pairs, Batch.Settings settings, CaseFile file, StartedRun run)
      throws BatchException, CaseFileException, IOException, InterruptedException {
    try (BatchBar bar = new BatchBar()) {
      boolean silent = quiet || !Terminal.isTerminal("stderr");
      return new Batch(settings, file, run, silent ? BatchProgress.none() : bar).run(pairs);
    }
  }

  private void checkUsage(Map<Sink, Path> sinks) {
    if ((manifest == null) == (patterns == null)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          manifest == null
              ? "name a manifest, or patterns with --pair"
              : "a manifest and --pair exclude each other");
    }
    if (jobs < 1) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--jobs must be 1 or more");
    }
    reading.check();
    sinks.keySet().stream()
        .filter(Sink::copiesPackets)
        .findFirst()
        .ifPresent(sink -> reading.checkUnfiltered(sink.option()));
  }

  private List<CapturePair> pairs(CaptureTools tools) throws BatchException {
    if (manifest != null) {
      return Manifest.read(manifest);
    }
    List<String> globs = Arrays.asList(patterns.split("=", -1));
    if (globs.size() < 2 || globs.contains("")) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--pair needs a pattern for each point, such as 'client/*.pcap=server/*.pcap'");
    }
    return new FolderPairs(CompareCommand.points(globs.size()), tools).find(globs);
  }

  private StartedRun run(Instant started, Tshark reader) {
    return new StartedRun(
        Version.text(),
        reader.version().text(),
        List.copyOf(spec.commandLine().getParseResult().originalArgs()),
        Path.of("").toAbsolutePath(),
        started);
  }

  private int report(
      List<CapturePair> pairs, Batch.Outcome outcome, Policy policy, Expectations expectations)
      throws CaseFileException {
    BatchSummary summary = new BatchSummary(out());
    if (outcome.end().isPresent()) {
      if (!quiet && outcome.compared() > 0) {
        summary.print(pairs.size(), outcome);
      }
      return main.complaints().ofOutputs(unwritten(outcome));
    }
    expectations.apply(policy.rows());
    List<Expectations.Unexpected> unexpected =
        failOn == null
            ? List.of()
            : expectations.unexpected(pairs.stream().map(CapturePair::id).toList(), failOn);
    if (!quiet) {
      summary.print(pairs.size(), outcome);
      for (int number : expectations.unused()) {
        summary.printUnused(policy.words(number));
      }
      summary.print(unexpected);
      out().println("mssbridge case " + Printable.of(caseFile) + " shows what was found");
    }
    if (!outcome.unwritten().isEmpty()) {
      return main.complaints().ofOutputs(unwritten(outcome));
    }
    if (!unexpected.isEmpty()) {
      return Main.FAILED_ON_FINDING;
    }
    return outcome.failures().isEmpty() && outcome.unpaired().isEmpty()
        ? Main.DONE
        : Main.PARTLY_DONE;
  }

  /** Why outputs could not be written, at most so many and their number. */
  private static List<Exception> unwritten(Batch.Outcome outcome) {
    List<Exception> failures = new ArrayList<>(BatchSummary.first(outcome.unwritten()));
    outcome.end().ifPresent(failures::add);
    return failures;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
