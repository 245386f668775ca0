package org.mssbridge.spark;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.mssbridge.batch.Batch;
import org.mssbridge.batch.BatchException;
import org.mssbridge.batch.CapturePair;
import org.mssbridge.batch.Manifest;
import org.mssbridge.batch.Policy;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.Expectations;
import org.mssbridge.cli.BatchSummary;
import org.mssbridge.cli.ReadingOptions;
import org.mssbridge.cli.SinkOptions;
import org.mssbridge.cli.Version;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;
import org.mssbridge.report.Sink;
import org.mssbridge.spark.files.Places;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge-spark batch MANIFEST --out DIR}. */
@Command(
    name = "batch",
    description = "Compares many pairs of captures and writes the tables of the case as Parquet.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    modelTransformer = SinkOptions.OfCluster.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:all pairs were compared",
      "1:a finding that was not expected reached --fail-on",
      "2:the command line is wrong",
      "3:an executor or the output cannot be used",
      "4:the batch ended, and some pairs could not be compared",
      "130:interrupted; run it again: it resumes and repeats nothing"
    },
    footerHeading = "Examples:%n",
    footer = {
      "  mssbridge-spark batch pairs.csv --out today --master 'local[*]'",
      "  spark-submit --class org.mssbridge.spark.Main mssbridge-spark.jar \\",
      "    batch s3a://taps/pairs.csv --out s3a://taps/today"
    })
final class BatchCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MANIFEST",
      description = "CSV with a header, or NDJSON: id, then one column per capture point")
  private String manifest;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "the folder for the tables; created if it does not exist")
  private String out;

  @Option(names = "--retry", description = "retry failed pairs, even if their files are unchanged")
  private boolean retry;

  @Option(
      names = "--expect",
      paramLabel = "FILE",
      description = "known and accepted findings, as CSV or NDJSON")
  private String expect;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "exit with 1 if a finding is at least that severe and not expected")
  private Severity failOn;

  @Option(
      names = "--take-over",
      description = "work in a folder although a batch that is gone still holds it")
  private boolean takesOver;

  @Option(names = "--quiet", description = "no summary; errors only")
  private boolean quiet;

  @CommandLine.Mixin private ReadingOptions reading;

  @CommandLine.Mixin private Session session;

  @CommandLine.ParentCommand private Main main;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call()
      throws IOException,
          BatchException,
          CaseFileException,
          UnusableExecutorException,
          SparkException {
    Instant started = main.environment().runTime();
    Map<String, String> sinks = sinks();
    reading.check();
    try (SparkSession spark = session.start("mssbridge batch")) {
      Places places = new Places(spark.sparkContext().hadoopConfiguration());
      Policy policy =
          expect == null ? Policy.none() : Policy.read(places.path(Store.absolute(expect)));
      List<CapturePair> pairs = Manifest.read(places.path(manifest), places::root);
      TaskOptions options =
          TaskOptions.of(
              spark.sparkContext().hadoopConfiguration(),
              Store.absolute(out),
              sinks,
              reading,
              spec.commandLine().getParseResult().originalArgs(),
              started);
      try (OutputFolder folder =
          OutputFolder.lock(options.out(), options.configuration(), takesOver)) {
        ClusterBatch batch = new ClusterBatch(spark.sparkContext(), options, folder);
        ClusterBatch.Outcome outcome = batch.run(pairs, policy, failOn, retry);
        return report(pairs, outcome, policy);
      }
    }
  }

  /** The folders of the other outputs, by the name of the sink. */
  private Map<String, String> sinks() {
    Map<String, String> sinks = new LinkedHashMap<>();
    for (Map.Entry<Sink, String> each : SinkOptions.given(spec, String.class).entrySet()) {
      if (each.getKey().copiesPackets()) {
        reading.checkUnfiltered(each.getKey().option());
      }
      sinks.put(each.getKey().name(), Store.absolute(each.getValue()));
    }
    Map<String, String> places = new HashMap<>(Map.of(Store.absolute(out), "--out"));
    sinks.forEach(
        (name, folder) -> {
          String other = places.put(folder, "--" + name);
          if (other != null) {
            throw new CommandLine.ParameterException(
                spec.commandLine(),
                other + " and --" + name + " name the same folder, " + Printable.of(folder));
          }
        });
    return sinks;
  }

  private int report(List<CapturePair> pairs, ClusterBatch.Outcome outcome, Policy policy) {
    Batch.Outcome batch = outcome.batch();
    List<Expectations.Unexpected> unexpected = outcome.unexpected();
    if (!quiet) {
      BatchSummary summary = new BatchSummary(out());
      summary.print(pairs.size(), batch);
      outcome.unused().forEach(number -> summary.printUnused(policy.words(number)));
      summary.print(unexpected);
      out().println("mssbridge case " + Printable.of(out) + " shows what was found");
      out().flush();
    }
    List<Exception> failures = new ArrayList<>(BatchSummary.first(batch.unwritten()));
    if (!failures.isEmpty()) {
      return main.complaints().ofOutputs(failures);
    }
    if (!unexpected.isEmpty()) {
      return org.mssbridge.cli.Main.FAILED_ON_FINDING;
    }
    return batch.failures().isEmpty() && batch.unpaired().isEmpty()
        ? org.mssbridge.cli.Main.DONE
        : org.mssbridge.cli.Main.PARTLY_DONE;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
