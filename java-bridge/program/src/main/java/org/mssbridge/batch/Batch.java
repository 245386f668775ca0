package org.mssbridge.batch;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.CaseWriter;
import org.mssbridge.casefile.PairState;
import org.mssbridge.casefile.Recorded;
import org.mssbridge.casefile.StartedRun;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Input;
import org.mssbridge.model.Printable;
import org.mssbridge.output.DiskSpace;
import org.mssbridge.output.LockedFolder;
import org.mssbridge.output.OutputException;
import org.mssbridge.pipeline.CaptureReader;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.pipeline.ReadProgress;
import org.mssbridge.pipeline.RotatedFiles;
import org.mssbridge.pipeline.Shutdown;
import org.mssbridge.pipeline.SplitInputs;
import org.mssbridge.report.Report;
import org.mssbridge.report.Sink;
import org.mssbridge.timing.Stage;
import org.mssbridge.timing.Stopwatch;
import org.mssbridge.tshark.CaptureCheck;
import org.mssbridge.tshark.CaptureTools;
import org.mssbridge.tshark.TsharkException;

/**
 * Compares many pairs in parallel and records each in the case as soon as it is done. Pairs that
 * the case already holds are not compared again.
 */
public final class Batch {
  private final Settings settings;
  private final CaseFile caseFile;
  private final StartedRun run;
  private final BatchProgress progress;

  /**
   * How to compare.
   *
   * @param pipeline compares a pair
   * @param tools joins rotated files
   * @param outputs copies and reports to write besides the case
   * @param jobs number of pairs to compare at once, 1 or more
   * @param repeat which of the pairs that the case holds are compared again
   * @param faults receives bugs of this program; the case records only their messages
   */
  public record Settings(
      Pipeline pipeline,
      CaptureTools tools,
      PairOutputs outputs,
      int jobs,
      Repeat repeat,
      Consumer<RuntimeException> faults) {}

  /** Which pairs are compared again though the case holds them with the same files and options. */
  public enum Repeat {
    NONE,
    FAILED,
    ALL
  }

  /**
   * The result of a batch.
   *
   * @param compared number of pairs that this run compared
   * @param before number of pairs that the case already held
   * @param failures pairs that could not be compared, in this run or an earlier one
   * @param unpaired pairs without a partner
   * @param replaced number of pairs that the case held with other files or other options
   * @param unwritten why outputs could not be written, one for each
   * @param end why the case could not be written any more, which ended the batch; empty if it could
   */
  public record Outcome(
      int compared,
      int before,
      List<Failure> failures,
      List<Failure> unpaired,
      int replaced,
      List<OutputException> unwritten,
      Optional<CaseFileException> end) {
    public Outcome {
      failures = List.copyOf(failures);
      unpaired = List.copyOf(unpaired);
      unwritten = List.copyOf(unwritten);
    }
  }

  /** A pair that was not compared, and why. */
  public record Failure(String id, String reason) {}

  /**
   * The result for a pair.
   *
   * @param reason why it was not compared; empty if it was
   * @param kept whether the case keeps an earlier comparison of it
   * @param unwritten why outputs of it could not be written
   */
  private record Done(
      Job job, Optional<String> reason, boolean kept, List<OutputException> unwritten) {}

  /** All results, and why the batch ended before the others; empty if it did not. */
  private record Work(List<Done> done, Optional<CaseFileException> end) {}

  /** Prepares a run. */
  public Batch(Settings settings, CaseFile caseFile, StartedRun run, BatchProgress progress) {
    this.settings = settings;
    this.caseFile = caseFile;
    this.run = run;
    this.progress = progress;
  }

  /**
   * Works through the pairs. A pair that cannot be compared is recorded with its reason; one whose
   * outputs cannot be written is recorded like the others.
   *
   * @throws OutputException if there is not enough room, or no folder to work in
   */
  public Outcome run(List<CapturePair> pairs)
      throws BatchException, CaseFileException, IOException, InterruptedException {
    try (LockedFolder scratch = scratch()) {
      Recorded recorded = Recorded.of(caseFile);
      List<Job> jobs = new ArrayList<>();
      List<Failure> failures = new ArrayList<>();
      int before = 0;
      int replaced = 0;
      for (CapturePair pair : pairs) {
        Job job = new Job(pair, settings.pipeline());
        Optional<PairState> state = recorded.state(job.request());
        if (state.equals(Optional.of(PairState.COMPARED))
            && settings.repeat() != Repeat.ALL
            && settings.outputs().exist(pair.id())) {
          before++;
        } else if (state.equals(Optional.of(PairState.FAILED))
            && settings.repeat() == Repeat.NONE
            && pair.trouble().isEmpty()) {
          failures.add(new Failure(pair.id(), recorded.reason(pair.id())));
        } else {
          jobs.add(job);
        }
      }
      checkSpace(jobs.stream().map(Job::pair).toList(), scratch.path());
      List<Failure> unpaired = new ArrayList<>();
      int compared = 0;
      List<OutputException> unwritten = new ArrayList<>();
      Work work = work(jobs, scratch);
      for (Done done : work.done()) {
        unwritten.addAll(done.unwritten());
        replaced += !done.kept() && recorded.isOther(done.job().request()) ? 1 : 0;
        if (done.reason().isEmpty()) {
          compared++;
        } else {
          CapturePair pair = done.job().pair();
          (pair.trouble().isEmpty() ? failures : unpaired)
              .add(new Failure(pair.id(), done.reason().get()));
        }
      }
      failures.sort(Comparator.comparing(Failure::id));
      unpaired.sort(Comparator.comparing(Failure::id));
      return new Outcome(compared, before, failures, unpaired, replaced, unwritten, work.end());
    }
  }

  /**
   * Opens and locks a folder next to the case, for joined captures. The lock allows one batch at a
   * time per case.
   */
  private LockedFolder scratch() throws BatchException, OutputException {
    Path file = caseFile.path();
    Path folder = scratch(file);
    try {
      return LockedFolder.open(folder)
          .orElseThrow(
              () ->
                  new BatchException(
                      Printable.of(file)
                          + ": another batch works on this case; wait for it, or name another with"
                          + " --case"));
    } catch (OutputException e) {
      throw e;
    } catch (IOException e) {
      throw new BatchException(
          Printable.of(folder) + ": cannot be made; name a case in a folder that can be written to",
          e);
    }
  }

  /** The folder to work in; the same one for all links to a case. */
  private static Path scratch(Path file) {
    Path real = CaseFile.files(file).get(0);
    return real.resolveSibling(real.getFileName() + ".scratch");
  }

  /** A pair with the state of its files and the options of a pipeline, as the case records it. */
  public static CaseWriter.Request request(CapturePair pair, Pipeline pipeline) {
    return new Job(pair, pipeline).request();
  }

  /** All that a batch makes for the case itself: the files of the case, and a folder. */
  public static List<Path> files(Path file) {
    List<Path> files = new ArrayList<>(CaseFile.files(file));
    files.add(scratch(file));
    return files;
  }

  /**
   * Checks the disk space for annotated copies, and for the joined captures of all pairs that are
   * compared at once.
   */
  private void checkSpace(List<CapturePair> pairs, Path scratch) throws OutputException {
    long joined =
        pairs.stream()
            .map(pair -> bytes(pair, CaptureSource::isRotated))
            .sorted(Comparator.reverseOrder())
            .limit(settings.jobs())
            .mapToLong(Long::longValue)
            .sum();
    DiskSpace.require(scratch, joined, "to join rotated files");
    long copies = pairs.stream().mapToLong(pair -> bytes(pair, source -> true)).sum();
    for (Map.Entry<Sink, Path> each : settings.outputs().folders().entrySet()) {
      if (each.getKey().copiesPackets()) {
        DiskSpace.require(each.getValue(), copies, "for annotated captures");
      }
    }
  }

  private static long bytes(CapturePair pair, Predicate<CaptureSource> which) {
    return pair.sources().stream().filter(which).mapToLong(CaptureSource::bytes).sum();
  }

  private Work work(List<Job> jobs, LockedFolder scratch)
      throws CaseFileException, IOException, InterruptedException {
    progress.begin(jobs.size(), jobs.stream().mapToLong(Job::bytes).sum());
    ExecutorService threads = Executors.newFixedThreadPool(settings.jobs());
    List<Done> done = new ArrayList<>();
    Optional<CaseFileException> end = Optional.empty();
    try (CaseWriter writer = new CaseWriter(caseFile, run)) {
      ExecutorCompletionService<Done> service = new ExecutorCompletionService<>(threads);
      jobs.forEach(job -> service.submit(() -> work(job.now(), scratch, writer)));
      for (int i = 0; i < jobs.size(); i++) {
        done.add(service.take().get());
      }
      writer.end(Instant.now());
    } catch (CaseFileException e) {
      end = Optional.of(e);
    } catch (ExecutionException e) {
      end = Optional.of(caseFailure(e.getCause()));
    } finally {
      threads.shutdownNow();
    }
    return new Work(done, end);
  }

  private static CaseFileException caseFailure(Throwable cause) throws IOException {
    if (cause instanceof CaseFileException failure) {
      return failure;
    }
    if (cause instanceof IOException failure) {
      throw failure;
    }
    throw new IllegalStateException(cause);
  }

  private Done work(Job job, LockedFolder scratch, CaseWriter writer)
      throws CaseFileException, IOException, InterruptedException {
    Instant started = Instant.now();
    String reason = trouble(job.pair());
    boolean isMissing = !reason.isEmpty();
    try {
      if (!isMissing) {
        return new Done(job, Optional.empty(), false, compare(job, scratch, writer, started));
      }
    } catch (TsharkException e) {
      if (e.isInterrupted()) {
        // By Ctrl-C, which this program gets too, maybe later: no failure of the pair.
        return new Done(job, Optional.of(e.getMessage()), true, List.of());
      }
      reason = e.getMessage();
    } catch (FileSystemException e) {
      reason = e.getFile() + ": " + FileTrouble.reason(e);
    } catch (IOException e) {
      reason = e.getMessage();
    } catch (OutOfMemoryError e) {
      reason = "needs more memory: give it some, as in MSSBRIDGE_OPTS=-Xmx4g, or --jobs 1";
    } catch (RuntimeException e) {
      reason = "internal error, please report it: " + e;
      settings.faults().accept(e);
    } finally {
      progress.done(job.bytes());
    }
    reason = Printable.of(String.valueOf(reason));
    boolean kept = recordFailure(job, isMissing, reason, writer, started);
    return new Done(
        job,
        Optional.of(kept ? reason + "; what was compared before stays in the case" : reason),
        kept,
        List.of());
  }

  /** The problem with the files that can be seen without tshark; empty if there is none. */
  private static String trouble(CapturePair pair) {
    try {
      for (CaptureSource source : pair.sources()) {
        for (Path file : source.paths()) {
          CaptureCheck.check(file);
        }
      }
      return pair.trouble();
    } catch (TsharkException e) {
      return pair.trouble().isEmpty() ? e.getMessage() : pair.trouble();
    }
  }

  /** Compares a pair, and returns what kept its outputs from being written. */
  private List<OutputException> compare(
      Job job, LockedFolder scratch, CaseWriter writer, Instant started)
      throws TsharkException, IOException, InterruptedException, CaseFileException {
    CapturePair pair = job.pair();
    Stopwatch stopwatch = settings.pipeline().stopwatch().forPair();
    Pipeline pipeline = settings.pipeline().with(stopwatch);
    Path folder = scratch.newFolder();
    try {
      List<Input> inputs = new ArrayList<>();
      for (CaptureSource source : pair.sources()) {
        inputs.add(new RotatedFiles(settings.tools()).input(source, folder));
      }
      try (SplitInputs split = pipeline.split(inputs)) {
        split.requireTwo();
        Report report = pipeline.run(split.inputs(), tool(), ReadProgress.none());
        List<OutputException> unwritten = settings.outputs().write(pair.id(), report, stopwatch);
        CaptureReader.checkUnchanged(inputs);
        stopwatch.enter(Stage.RECORDING);
        if (!Shutdown.isUnderWay()) {
          writer.compared(job.request(), report, started, Instant.now());
        }
        return unwritten;
      }
    } finally {
      stopwatch.stop();
      LockedFolder.remove(folder);
    }
  }

  private Report.Tool tool() {
    return new Report.Tool(run.version(), run.tshark(), run.command(), run.started());
  }

  /**
   * Records why a pair was not compared. If its files are missing, as when a disk is not mounted,
   * an earlier comparison is kept.
   *
   * @return whether an earlier comparison is kept
   */
  private boolean recordFailure(
      Job job, boolean isMissing, String reason, CaseWriter writer, Instant started)
      throws CaseFileException {
    if (Shutdown.isUnderWay()) {
      return false;
    }
    PairState state = job.pair().trouble().isEmpty() ? PairState.FAILED : PairState.UNPAIRED;
    if (isMissing && writer.keep(job.pair().id(), state, started, Instant.now())) {
      return true;
    }
    writer.notCompared(job.failedRequest(), state, reason, tool(), started, Instant.now());
    return false;
  }
}
