package org.mssbridge.batch;

import java.io.IOException;
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
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.Input;
import org.mssbridge.casefile.StartedRun;
import org.mssbridge.model.Printable;
import org.mssbridge.output.DiskSpace;
import org.mssbridge.output.LockedFolder;
import org.mssbridge.output.OutputException;
import org.mssbridge.pipeline.CaptureReader;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.pipeline.ReadProgress;
import org.mssbridge.pipeline.RotatedFiles;
import org.mssbridge.pipeline.Shutdown;
import org.mssbridge.report.Report;
import org.mssbridge.report.Sink;
import org.mssbridge.tshark.CaptureCheck;
import org.mssbridge.tshark.CaptureTools;
import org.mssbridge.tshark.TsharkException;

/**
 * Compares many pairs side by side and records each in the case as soon as it is done. What the
 * case holds already is not done again.
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
   * @param tools join rotated files
   * @param outputs copies and reports that are wanted beside the case
   * @param jobs how many pairs at once, from 1
   * @param retry whether pairs that failed are tried again
   * @param faults takes errors of this program; the case records their words only
   */
  public record Settings(
      Pipeline pipeline,
      CaptureTools tools,
      PairOutputs outputs,
      int jobs,
      boolean retry,
      Consumer<RuntimeException> faults) {}

  /**
   * What came of it.
   *
   * @param compared pairs that this run compared
   * @param before pairs that the case held already
   * @param failures pairs that could not be compared, in this run or before it
   * @param unpaired pairs without a partner
   * @param replaced pairs of which the case held something else: other files, or other options
   */
  public record Outcome(
      int compared, int before, List<Failure> failures, List<Failure> unpaired, int replaced) {
    public Outcome {
      failures = List.copyOf(failures);
      unpaired = List.copyOf(unpaired);
    }
  }

  /** A pair that was not compared, and why. */
  public record Failure(String id, String reason) {}

  /**
   * What came of a pair.
   *
   * @param reason why it was not compared; empty where it was
   * @param kept whether the case holds of it what it held
   */
  private record Done(Job job, Optional<String> reason, boolean kept) {}

  /** Prepares a run. */
  public Batch(Settings settings, CaseFile caseFile, StartedRun run, BatchProgress progress) {
    this.settings = settings;
    this.caseFile = caseFile;
    this.run = run;
    this.progress = progress;
  }

  /**
   * Works through the pairs. A pair that cannot be compared is recorded with its reason.
   *
   * @throws OutputException if a copy or report cannot be written: then no other could be either
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
            && settings.outputs().areThere(pair.id())) {
          before++;
        } else if (state.equals(Optional.of(PairState.FAILED))
            && !settings.retry()
            && pair.trouble().isEmpty()) {
          failures.add(new Failure(pair.id(), recorded.reason(pair.id())));
        } else {
          jobs.add(job);
        }
      }
      checkSpace(jobs.stream().map(Job::pair).toList(), scratch.path());
      List<Failure> unpaired = new ArrayList<>();
      int compared = 0;
      for (Done done : work(jobs, scratch)) {
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
      return new Outcome(compared, before, failures, unpaired, replaced);
    }
  }

  /** A folder beside the case for joined captures: one batch at a time works on a case. */
  private LockedFolder scratch() throws BatchException, OutputException {
    Path file = caseFile.path();
    Path folder = file.resolveSibling(file.getFileName() + ".scratch");
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

  /** Makes sure that joined captures of as many pairs as are compared at once fit, and copies. */
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

  private List<Done> work(List<Job> jobs, LockedFolder scratch)
      throws CaseFileException, IOException, InterruptedException {
    progress.begin(jobs.size(), jobs.stream().mapToLong(Job::bytes).sum());
    ExecutorService threads = Executors.newFixedThreadPool(settings.jobs());
    List<Done> done = new ArrayList<>();
    try (CaseWriter writer = new CaseWriter(caseFile, run)) {
      ExecutorCompletionService<Done> service = new ExecutorCompletionService<>(threads);
      jobs.forEach(job -> service.submit(() -> work(job.now(), scratch, writer)));
      for (int i = 0; i < jobs.size(); i++) {
        done.add(service.take().get());
      }
      writer.end(Instant.now());
    } catch (ExecutionException e) {
      throwFatal(e.getCause());
    } finally {
      threads.shutdownNow();
    }
    return done;
  }

  private static void throwFatal(Throwable cause) throws CaseFileException, IOException {
    if (cause instanceof CaseFileException failure) {
      throw failure;
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
    boolean isAway = !reason.isEmpty();
    try {
      if (!isAway) {
        compare(job, scratch, writer, started);
        return new Done(job, Optional.empty(), false);
      }
    } catch (OutputException e) {
      throw e;
    } catch (TsharkException | IOException e) {
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
    if (!isAway) {
      // Ctrl-C reaches tshark too, and maybe first: that must not stay as a failure of the pair.
      Thread.sleep(200);
    }
    boolean kept = recordFailure(job, isAway, reason, writer, started);
    return new Done(
        job,
        Optional.of(kept ? reason + "; what was compared before stays in the case" : reason),
        kept);
  }

  /** What is amiss before any other program looks at the files; empty if nothing. */
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

  private void compare(Job job, LockedFolder scratch, CaseWriter writer, Instant started)
      throws TsharkException, IOException, InterruptedException, CaseFileException {
    CapturePair pair = job.pair();
    Path folder = scratch.newFolder();
    try {
      List<Input> inputs = new ArrayList<>();
      for (CaptureSource source : pair.sources()) {
        inputs.add(new RotatedFiles(settings.tools()).input(source, folder));
      }
      Report report = settings.pipeline().run(inputs, tool(), ReadProgress.none());
      settings.outputs().write(pair.id(), report);
      CaptureReader.checkUnchanged(inputs);
      if (!Shutdown.isUnderWay()) {
        writer.compared(job.request(), report, started, Instant.now());
      }
    } finally {
      LockedFolder.remove(folder);
    }
  }

  private Report.Tool tool() {
    return new Report.Tool(run.version(), run.tshark(), run.command(), run.started());
  }

  /**
   * Records why a pair was not compared. A comparison that the case holds is not given up because
   * the files are away, as when a disk is not mounted.
   *
   * @return whether it stays
   */
  private boolean recordFailure(
      Job job, boolean isAway, String reason, CaseWriter writer, Instant started)
      throws CaseFileException {
    if (Shutdown.isUnderWay()) {
      return false;
    }
    PairState state = job.pair().trouble().isEmpty() ? PairState.FAILED : PairState.UNPAIRED;
    if (isAway && writer.keep(job.pair().id(), state, started, Instant.now())) {
      return true;
    }
    writer.notCompared(job.failed(), state, reason, tool(), started, Instant.now());
    return false;
  }
}
