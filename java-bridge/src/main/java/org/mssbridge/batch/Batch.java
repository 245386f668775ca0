package org.mssbridge.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.CaseWriter;
import org.mssbridge.casefile.Recorded;
import org.mssbridge.model.Printable;
import org.mssbridge.pipeline.Input;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.pipeline.ReadProgress;
import org.mssbridge.pipeline.RotatedFiles;
import org.mssbridge.pipeline.Shutdown;
import org.mssbridge.pipeline.Source;
import org.mssbridge.report.OutputException;
import org.mssbridge.report.Report;
import org.mssbridge.tshark.CaptureFile;
import org.mssbridge.tshark.CaptureTools;
import org.mssbridge.tshark.TsharkException;

/**
 * Compares many pairs side by side and records each in the case as soon as it is done. What the
 * case holds already is not done again.
 */
public final class Batch {
  private final Settings settings;
  private final CaseFile caseFile;
  private final CaseWriter.Run run;
  private final BatchProgress progress;

  /**
   * How to compare.
   *
   * @param pipeline compares a pair
   * @param tools join rotated files
   * @param outputs copies and reports that are wanted beside the case
   * @param jobs how many pairs at once, from 1
   * @param retry whether pairs that failed are tried again
   */
  public record Settings(
      Pipeline pipeline, CaptureTools tools, PairOutputs outputs, int jobs, boolean retry) {}

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
    /** Keeps copies of the lists. */
    public Outcome {
      failures = List.copyOf(failures);
      unpaired = List.copyOf(unpaired);
    }
  }

  /** A pair that was not compared, and why. */
  public record Failure(String id, String reason) {}

  /** A pair to work on. */
  private record Job(CapturePair pair, CaseWriter.Asked asked, long bytes) {}

  /** A pair, and why it was not compared; empty where it was. */
  private record Done(Job job, Optional<String> reason) {}

  /** Prepares a run. */
  public Batch(Settings settings, CaseFile caseFile, CaseWriter.Run run, BatchProgress progress) {
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
    try (Scratch scratch = Scratch.beside(caseFile.path())) {
      Recorded recorded = Recorded.of(caseFile);
      List<Job> jobs = new ArrayList<>();
      List<Failure> failures = new ArrayList<>();
      int before = 0;
      int replaced = 0;
      for (CapturePair pair : pairs) {
        Job job = job(pair);
        String state = recorded.state(job.asked()).orElse("");
        if (state.equals("compared")) {
          before++;
        } else if (state.equals("failed") && !settings.retry() && pair.trouble().isEmpty()) {
          failures.add(new Failure(pair.id(), recorded.reason(pair.id())));
        } else {
          jobs.add(job);
          replaced += recorded.isOther(job.asked()) ? 1 : 0;
        }
      }
      new DiskSpace(settings).check(jobs.stream().map(Job::pair).toList(), scratch.folder());
      List<Failure> unpaired = new ArrayList<>();
      int compared = 0;
      for (Done done : work(jobs, scratch)) {
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

  private Job job(CapturePair pair) {
    List<CaseWriter.Capture> captures = new ArrayList<>();
    long bytes = 0;
    for (Source source : pair.sources()) {
      List<CaseWriter.FileState> files = new ArrayList<>();
      for (Path file : source.files()) {
        CaseWriter.FileState state = state(file, "", OptionalInt.empty());
        files.add(state);
        bytes += Math.max(0, state.bytes());
      }
      captures.add(new CaseWriter.Capture(source.point().name(), files, List.of()));
    }
    return new Job(pair, asked(pair, captures), bytes);
  }

  private CaseWriter.Asked asked(CapturePair pair, List<CaseWriter.Capture> captures) {
    Pipeline pipeline = settings.pipeline();
    return new CaseWriter.Asked(
        pair.id(),
        pipeline.frames().displayFilter(),
        pipeline.only().stream().sorted().toList(),
        captures);
  }

  private static CaseWriter.FileState state(Path file, String sha256, OptionalInt firstFrame) {
    try {
      return new CaseWriter.FileState(
          file, sha256, Files.size(file), Files.getLastModifiedTime(file).toInstant(), firstFrame);
    } catch (IOException e) {
      return new CaseWriter.FileState(file, "", -1, Instant.EPOCH, OptionalInt.empty());
    }
  }

  private List<Done> work(List<Job> jobs, Scratch scratch)
      throws CaseFileException, IOException, InterruptedException {
    progress.begin(jobs.size(), jobs.stream().mapToLong(Job::bytes).sum());
    ExecutorService threads = Executors.newFixedThreadPool(settings.jobs());
    List<Done> done = new ArrayList<>();
    try (CaseWriter writer = new CaseWriter(caseFile, run)) {
      ExecutorCompletionService<Done> service = new ExecutorCompletionService<>(threads);
      jobs.forEach(job -> service.submit(() -> work(job, scratch, writer)));
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

  private Done work(Job job, Scratch scratch, CaseWriter writer)
      throws CaseFileException, IOException, InterruptedException {
    Instant started = Instant.now();
    String reason = trouble(job.pair());
    boolean sure = !reason.isEmpty();
    try {
      if (!sure) {
        compare(job, scratch, writer, started);
        return new Done(job, Optional.empty());
      }
    } catch (OutputException e) {
      throw e;
    } catch (TsharkException | IOException e) {
      reason = e.getMessage();
    } catch (OutOfMemoryError e) {
      reason = "needs more memory: give it some, as in MSSBRIDGE_OPTS=-Xmx4g, or --jobs 1";
    } catch (RuntimeException e) {
      reason = "internal error, please report it: " + e;
    } finally {
      progress.done(job.bytes());
    }
    reason = Printable.of(String.valueOf(reason));
    if (!sure) {
      // Ctrl-C reaches tshark too, and maybe first: that must not stay as a failure of the pair.
      Thread.sleep(200);
    }
    recordFailure(job, reason, writer, started);
    return new Done(job, Optional.of(reason));
  }

  /** What is amiss before any other program looks at the files; empty if nothing. */
  private static String trouble(CapturePair pair) {
    try {
      for (Source source : pair.sources()) {
        for (Path file : source.files()) {
          CaptureFile.check(file);
        }
      }
      return pair.trouble();
    } catch (TsharkException e) {
      return pair.trouble().isEmpty() ? e.getMessage() : pair.trouble();
    }
  }

  private void compare(Job job, Scratch scratch, CaseWriter writer, Instant started)
      throws TsharkException, IOException, InterruptedException, CaseFileException {
    CapturePair pair = job.pair();
    Path folder = scratch.newFolder();
    try {
      List<Input> inputs = new ArrayList<>();
      for (Source source : pair.sources()) {
        inputs.add(new RotatedFiles(settings.tools()).input(source, folder));
      }
      Report report = settings.pipeline().run(inputs, tool(), ReadProgress.none());
      settings.outputs().write(pair.id(), report, inputs);
      if (!Shutdown.isUnderWay()) {
        writer.compared(asked(pair, captures(inputs, report)), report, started, Instant.now());
      }
    } finally {
      Scratch.remove(folder);
    }
  }

  private Report.Tool tool() {
    return new Report.Tool(run.version(), run.tshark(), run.command(), run.started());
  }

  private List<CaseWriter.Capture> captures(List<Input> inputs, Report report) {
    List<CaseWriter.Capture> captures = new ArrayList<>();
    for (Input input : inputs) {
      Report.File read = report.file(input.point());
      List<CaseWriter.FileState> files = new ArrayList<>();
      if (read.parts().isEmpty()) {
        files.add(state(read.path(), read.sha256(), OptionalInt.of(1)));
      }
      read.parts().forEach(part -> files.add(state(part.path(), part.sha256(), part.firstFrame())));
      captures.add(new CaseWriter.Capture(input.point().name(), files, command(input, read)));
    }
    return captures;
  }

  /** A joined capture is gone afterwards: it is named without its folder. */
  private static List<String> command(Input input, Report.File read) {
    String path = input.path().toAbsolutePath().toString();
    boolean isJoined = !input.parts().isEmpty();
    return read.command().stream()
        .map(
            word ->
                isJoined && word.equals(path) ? String.valueOf(input.path().getFileName()) : word)
        .toList();
  }

  private void recordFailure(Job job, String reason, CaseWriter writer, Instant started)
      throws CaseFileException {
    if (Shutdown.isUnderWay()) {
      return;
    }
    List<CaseWriter.Capture> captures = new ArrayList<>();
    for (CaseWriter.Capture capture : job.asked().captures()) {
      List<CaseWriter.FileState> files = new ArrayList<>();
      capture
          .files()
          .forEach(f -> files.add(state(f.path(), digest(f.path()), OptionalInt.empty())));
      captures.add(new CaseWriter.Capture(capture.point(), files, List.of()));
    }
    writer.notCompared(
        asked(job.pair(), captures),
        job.pair().trouble().isEmpty() ? "failed" : "unpaired",
        reason,
        tool(),
        started,
        Instant.now());
  }

  private static String digest(Path file) {
    try {
      return Files.isRegularFile(file) ? CaptureFile.sha256(file) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
