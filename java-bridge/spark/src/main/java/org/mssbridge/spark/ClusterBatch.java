package org.mssbridge.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.mssbridge.batch.Batch;
import org.mssbridge.batch.CapturePair;
import org.mssbridge.batch.PairOutputs;
import org.mssbridge.batch.Policy;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.CaseTable;
import org.mssbridge.casefile.CaseWriter;
import org.mssbridge.casefile.Expectations;
import org.mssbridge.casefile.PairState;
import org.mssbridge.casefile.Recorded;
import org.mssbridge.casefile.StartedRun;
import org.mssbridge.cli.Version;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.model.Severity;
import org.mssbridge.output.OutputException;
import org.mssbridge.pipeline.Frames;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.report.Sink;
import org.mssbridge.report.Sinks;
import scala.Function2;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * The driver's part of a batch: plans what is not yet committed, has it compared, and has the
 * tables made.
 */
final class ClusterBatch {
  /** Pairs of one file of each table: files of some megabytes, and some dozens of them. */
  static final int PAIRS_OF_PART = 500;

  /** In local mode Spark tries a task once; else as often as this, unless the user says more. */
  private static final int ATTEMPTS = 4;

  private static final String GROUP = "mssbridge";

  private final SparkContext spark;
  private final TaskOptions options;
  private final OutputFolder folder;

  /**
   * The result.
   *
   * @param batch as of the program on one machine
   * @param unexpected findings that reached the severity and are not expected
   * @param unused numbers of the lines of the policy that accept nothing
   */
  record Outcome(
      Batch.Outcome batch, List<Expectations.Unexpected> unexpected, List<Integer> unused) {}

  /** Pairs that need work, and those that need none. */
  private record Plan(List<PairWork> work, int before, List<Batch.Failure> failures) {}

  ClusterBatch(SparkContext spark, TaskOptions options, OutputFolder folder) {
    this.spark = spark;
    this.options = options;
    this.folder = folder;
  }

  /**
   * Works through the pairs.
   *
   * @param failOn the severity that counts; null for none
   * @param retry whether failed pairs are compared again
   * @throws UnusableExecutorException if an executor has no usable tshark
   * @throws SparkException if Spark gave up
   */
  Outcome run(List<CapturePair> pairs, Policy policy, Severity failOn, boolean retry)
      throws IOException, CaseFileException, UnusableExecutorException, SparkException {
    JavaSparkContext.fromSparkContext(spark).setJobGroup(GROUP, "mssbridge batch " + folder, true);
    Plan plan = plan(pairs, retry);
    ExecutorTools.Versions versions = check(plan);
    try (Leftover scratch = Leftover.temporary()) {
      RunRecord run = new RunRecord(scratch.path(), folder.runs());
      run.begin(options.run(versions.tshark()));
      List<PairResult> results = compare(plan.work());
      run.end();
      List<MergeTask.Found> found = tables(pairs, policy, failOn);
      return outcome(pairs, plan, results, found, policy);
    }
  }

  /** The record of this run, which is written when it begins and when it ends. */
  private static final class RunRecord {
    private final Path file;
    private final Store runs;
    private final String name;

    RunRecord(Path scratch, Store runs) throws IOException {
      this.file = scratch.resolve("run.db");
      this.runs = runs;
      this.name = String.format(Locale.ROOT, "%06d%s", runs.names().size() + 1, PackedCase.SUFFIX);
    }

    void begin(StartedRun started) throws CaseFileException, IOException {
      try (CaseFile run = CaseFile.forScratch(file)) {
        new CaseWriter(run, started).close();
      }
      PackedCase.put(file, runs, name);
    }

    void end() throws CaseFileException, IOException {
      try (CaseFile run = CaseFile.forScratch(file)) {
        CaseWriter.endFirst(run, Instant.now());
      }
      PackedCase.put(file, runs, name);
    }
  }

  private Plan plan(List<CapturePair> pairs, boolean retry) throws IOException, CaseFileException {
    Map<String, Commit> commits = folder.commits();
    PairOutputs outputs = PairOutputs.of(Map.of(), pairs);
    Map<Sink, Set<String>> present = outputs();
    boolean isHere = spark.isLocal();
    Pipeline pipeline = options.pipeline(null, Frames.evidenceOfRun());
    List<PairWork> work = new ArrayList<>();
    List<Batch.Failure> failures = new ArrayList<>();
    int before = 0;
    for (int i = 0; i < pairs.size(); i++) {
      CapturePair pair = pairs.get(i);
      CaseWriter.Request request = Batch.request(pair, pipeline);
      Commit wanted = Commit.of(request, Version.text(), PairState.COMPARED);
      Optional<Commit> held = Optional.ofNullable(commits.get(wanted.pair()));
      boolean isSame = held.filter(commit -> commit.isOfSame(wanted)).isPresent();
      boolean isCompared = held.filter(c -> c.state() == PairState.COMPARED).isPresent();
      String outputName = outputs.names().get(pair.id());
      boolean hasOutputs = hasOutputs(pair, outputName, present, held.isPresent());
      if (isSame && isCompared && hasOutputs) {
        before++;
      } else if (isSame && !isCompared && !retry && pair.trouble().isEmpty()) {
        failures.add(new Batch.Failure(pair.id(), reason(held.get(), pair.id())));
      } else {
        boolean mayKeep =
            isCompared
                && hasOutputs
                && held.filter(commit -> commit.hasSameOptions(wanted)).isPresent();
        String earlier = held.map(Commit::name).orElse(null);
        work.add(PairWork.of(i, pair, isHere, outputName, earlier, mayKeep));
      }
    }
    // The largest first, so that none is left at the end; equal ones as in the manifest.
    work.sort(Comparator.comparing(PairWork::bytes).reversed());
    return new Plan(work, before, failures);
  }

  /**
   * What is in the folders of the other outputs. One list of names is faster than many questions.
   */
  private Map<Sink, Set<String>> outputs() throws IOException {
    Map<Sink, Set<String>> outputs = new LinkedHashMap<>();
    for (Sink sink : Sinks.all()) {
      String target = options.sinks().get(sink.name());
      if (target != null) {
        outputs.put(sink, Set.copyOf(Store.of(target, options.configuration()).names()));
      }
    }
    return outputs;
  }

  /**
   * Whether all other outputs of a pair exist.
   *
   * @param outputs what is in their folders
   * @throws OutputException if one exists that is not of this batch
   */
  private boolean hasOutputs(
      CapturePair pair, String name, Map<Sink, Set<String>> outputs, boolean isHeld)
      throws OutputException {
    boolean all = true;
    for (Map.Entry<Sink, Set<String>> each : outputs.entrySet()) {
      Sink sink = each.getKey();
      String file = name + (sink.isFolder() ? "" : "." + sink.name());
      boolean exists = each.getValue().contains(file);
      if (exists && !isHeld) {
        throw new OutputException(
            "will not replace "
                + Printable.of(options.sinks().get(sink.name()) + "/" + file)
                + ": no batch of "
                + Printable.of(options.out())
                + " wrote it; name another folder with "
                + sink.option());
      }
      all &= exists || !pair.trouble().isEmpty();
    }
    return all;
  }

  private String reason(Commit commit, String id) throws IOException, CaseFileException {
    try (Leftover scratch = Leftover.temporary()) {
      Path file = scratch.path().resolve("pair.db");
      PackedCase.get(folder.pairs(), commit.name(), file);
      try (CaseFile held = CaseFile.forReading(file)) {
        return Recorded.of(held).reason(id);
      }
    }
  }

  /** Checks an executor, and with it mostly all of them, before the work. */
  private ExecutorTools.Versions check(Plan plan) throws UnusableExecutorException, SparkException {
    List<Integer> slots = new ArrayList<>();
    int executors = Math.max(1, Math.min(plan.work().size(), spark.defaultParallelism()));
    for (int i = 0; i < executors; i++) {
      slots.add(i);
    }
    List<CheckTask.Result> results = run(slots, new CheckTask(options), result -> true);
    for (CheckTask.Result result : results) {
      if (result.unusable() != null) {
        throw UnusableExecutorException.of(result.unusable());
      }
    }
    return results.get(0).versions();
  }

  private List<PairResult> compare(List<PairWork> work)
      throws UnusableExecutorException, SparkException {
    AtomicReference<String> unusable = new AtomicReference<>();
    int attempts = spark.isLocal() ? 1 : spark.getConf().getInt("spark.task.maxFailures", ATTEMPTS);
    try {
      return run(
          work,
          new PairTask(options, attempts),
          result -> {
            if (result.unusable() != null) {
              unusable.set(result.unusable());
            }
            return result.unusable() == null;
          });
    } catch (SparkException e) {
      if (unusable.get() != null) {
        throw UnusableExecutorException.of(unusable.get());
      }
      throw e;
    }
  }

  private List<MergeTask.Found> tables(List<CapturePair> pairs, Policy policy, Severity failOn)
      throws IOException, CaseFileException, SparkException {
    folder.beginTables();
    // By the id's digest: the same pair is in the same place whatever else there is.
    List<String> commits =
        new TreeMap<>(folder.commits()).values().stream().map(Commit::name).toList();
    ArrayList<String> runs = new ArrayList<>(folder.runs().names());
    ArrayList<String> wanted =
        pairs.stream().map(CapturePair::id).collect(Collectors.toCollection(ArrayList::new));
    List<MergeTask.Part> parts = new ArrayList<>();
    for (int from = 0; from == 0 || from < commits.size(); from += PAIRS_OF_PART) {
      List<String> some = commits.subList(from, Math.min(commits.size(), from + PAIRS_OF_PART));
      parts.add(new MergeTask.Part(parts.size(), new ArrayList<>(some), runs, wanted));
    }
    List<MergeTask.Found> found =
        run(parts, new MergeTask(options, policy.rows(), failOn), part -> true);
    folder.publish(CaseTable.all());
    return found;
  }

  /** Looks at a result as soon as it is there. */
  private interface Watcher<T> {
    /** Returns false to end the job. */
    boolean goesOn(T result);
  }

  /** Runs a task for each of some values, and returns their results. */
  private <T, R> List<R> run(
      List<T> values, Function2<TaskContext, Iterator<T>, R> task, Watcher<R> watcher)
      throws SparkException {
    List<R> results = new ArrayList<>();
    if (values.isEmpty()) {
      return results;
    }
    Function2<Object, R, BoxedUnit> handler =
        new AbstractFunction2<>() {
          @Override
          public BoxedUnit apply(Object partition, R result) {
            results.add(result);
            if (!watcher.goesOn(result)) {
              spark.cancelJobGroup(GROUP);
            }
            return BoxedUnit.UNIT;
          }
        };
    ClassTag<R> tag = ClassTag$.MODULE$.apply(Object.class);
    try {
      spark.runJob(
          JavaSparkContext.fromSparkContext(spark).parallelize(values, values.size()).rdd(),
          task,
          handler,
          tag);
    } catch (IllegalStateException e) {
      if (spark.isStopped()) {
        throw new SparkException("Spark was ended; run the batch again: it resumes", e);
      }
      throw e;
    }
    return results;
  }

  private Outcome outcome(
      List<CapturePair> pairs,
      Plan plan,
      List<PairResult> results,
      List<MergeTask.Found> found,
      Policy policy) {
    List<Batch.Failure> failures = new ArrayList<>(plan.failures());
    List<Batch.Failure> unpaired = new ArrayList<>();
    List<OutputException> unwritten = new ArrayList<>();
    int compared = 0;
    int before = plan.before();
    int replaced = 0;
    for (PairResult result : results) {
      String id = pairs.get(result.number()).id();
      result.unwritten().forEach(words -> unwritten.add(new OutputException(words)));
      replaced += result.isReplaced() ? 1 : 0;
      if (result.isKept()) {
        before++;
      } else if (result.state() == PairState.COMPARED) {
        compared++;
      } else {
        (result.state() == PairState.UNPAIRED ? unpaired : failures)
            .add(new Batch.Failure(id, result.reason()));
      }
    }
    failures.sort(Comparator.comparing(Batch.Failure::id));
    unpaired.sort(Comparator.comparing(Batch.Failure::id));
    return new Outcome(
        new Batch.Outcome(
            compared, before, failures, unpaired, replaced, unwritten, Optional.empty()),
        unexpected(found),
        unused(found, policy));
  }

  /** The lines of the policy that accept nothing in any part. */
  private static List<Integer> unused(List<MergeTask.Found> found, Policy policy) {
    List<Integer> unused = new ArrayList<>();
    for (int number = 1; number <= policy.rows().size(); number++) {
      int line = number;
      if (found.stream().allMatch(part -> part.unused().contains(line))) {
        unused.add(number);
      }
    }
    return unused;
  }

  /** What several parts found, each kind once. */
  private static List<Expectations.Unexpected> unexpected(List<MergeTask.Found> found) {
    Map<List<String>, Expectations.Unexpected> sums = new LinkedHashMap<>();
    for (MergeTask.Found part : found) {
      for (MergeTask.Unexpected each : part.unexpected()) {
        sums.merge(
            List.of(each.code(), each.severity(), each.way(), each.message()),
            new Expectations.Unexpected(
                each.code(),
                each.severity(),
                each.way(),
                each.message(),
                each.pairs(),
                each.connections()),
            (one, other) ->
                new Expectations.Unexpected(
                    one.code(),
                    one.severity(),
                    one.way(),
                    one.message(),
                    one.pairs() + other.pairs(),
                    one.connections() + other.connections()));
      }
    }
    return sums.values().stream()
        .sorted(
            Comparator.comparing(
                    (Expectations.Unexpected each) ->
                        Severity.valueOf(each.severity().toUpperCase(Locale.ROOT)))
                .thenComparing(Expectations.Unexpected::connections)
                .reversed())
        .toList();
  }
}
