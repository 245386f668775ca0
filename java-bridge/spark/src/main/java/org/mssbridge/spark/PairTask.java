package org.mssbridge.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.mssbridge.batch.Batch;
import org.mssbridge.batch.BatchException;
import org.mssbridge.batch.BatchProgress;
import org.mssbridge.batch.CapturePair;
import org.mssbridge.batch.PairOutputs;
import org.mssbridge.capturefile.CaptureFile;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.CaseWriter;
import org.mssbridge.casefile.PairState;
import org.mssbridge.casefile.Recorded;
import org.mssbridge.casefile.SameContent;
import org.mssbridge.cli.Version;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.report.Sink;
import org.mssbridge.report.Sinks;
import org.mssbridge.spark.files.Places;
import org.mssbridge.tshark.CaptureTools;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * Compares one pair on an executor: a batch of one pair into a case file of its own, which is
 * committed by one rename. The rows are so those of the program on one machine.
 */
final class PairTask extends AbstractFunction2<TaskContext, Iterator<PairWork>, PairResult>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TaskOptions options;
  private final int mostAttempts;

  /**
   * @param mostAttempts how often Spark tries a task
   */
  PairTask(TaskOptions options, int mostAttempts) {
    this.options = options;
    this.mostAttempts = mostAttempts;
  }

  @Override
  public PairResult apply(TaskContext context, Iterator<PairWork> pairs) {
    PairWork work = pairs.next();
    boolean isLast = context.attemptNumber() + 1 >= mostAttempts;
    try {
      return new Attempt(options, work, ExecutorTools.of(options)).compare();
    } catch (UnusableExecutorException e) {
      return PairResult.unusable(work.number(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("the task is ended", e));
    } catch (IOException | CaseFileException | BatchException e) {
      String reason = "on " + ExecutorTools.host() + ": " + e.getMessage();
      if (isLast) {
        return PairResult.notCommitted(work.number(), reason);
      }
      throw new UncheckedIOException(reason, new IOException(e)); // Spark tries it elsewhere.
    }
  }

  /** One attempt at a pair. */
  private record Attempt(TaskOptions options, PairWork work, ExecutorTools tools) {
    PairResult compare()
        throws IOException, CaseFileException, BatchException, InterruptedException {
      CapturePair pair = work.pair(new Places(options.configuration()));
      Pipeline pipeline = options.pipeline(tools.tshark(), tools.evidence());
      CaseWriter.Request request = Batch.request(pair, pipeline);
      Store commits = OutputFolder.ofTask(options.out(), options.configuration()).pairs();
      try (Leftover scratch = Leftover.temporary()) {
        Path file = scratch.path().resolve("pair.db");
        boolean isHeld = work.earlier() != null && commits.exists(work.earlier());
        if (isHeld) {
          PackedCase.get(commits, work.earlier(), file);
        }
        if (isHeld && work.mayKeep() && isSame(file, pair)) {
          commit(file, commits, Commit.of(request, Version.text(), PairState.COMPARED).name());
          return PairResult.kept(work.number());
        }
        return compare(pair, pipeline, file, commits, scratch.path().resolve("outputs"));
      }
    }

    private boolean isSame(Path file, CapturePair pair) throws CaseFileException, IOException {
      if (!pair.trouble().isEmpty()) {
        return false;
      }
      try (CaseFile held = CaseFile.forWriting(file)) {
        return new SameContent(held).renew(pair.id(), pair.sources(), CaptureFile::sha256);
      } catch (IOException e) {
        return false; // The comparison says what is wrong with the file.
      }
    }

    private PairResult compare(
        CapturePair pair, Pipeline pipeline, Path file, Store commits, Path folder)
        throws CaseFileException, BatchException, IOException, InterruptedException {
      Map<Sink, Path> folders = new LinkedHashMap<>();
      for (Sink sink : Sinks.all()) {
        if (options.sinks().containsKey(sink.name())) {
          folders.put(sink, Files.createDirectories(folder.resolve(sink.name())));
        }
      }
      List<RuntimeException> faults = new ArrayList<>();
      Batch.Settings settings =
          new Batch.Settings(
              pipeline,
              new CaptureTools(tools.tshark()),
              new PairOutputs(folders, Map.of(pair.id(), work.outputName())),
              1,
              Batch.Repeat.ALL,
              faults::add);
      String name;
      Batch.Outcome outcome;
      try (CaseFile held = CaseFile.forWriting(file)) {
        Batch batch =
            new Batch(settings, held, options.run(tools.versions().tshark()), BatchProgress.none());
        outcome = batch.run(List.of(pair));
        if (outcome.end().isPresent()) {
          throw outcome.end().get();
        }
        name = name(Recorded.of(held), outcome, pair, pipeline);
      }
      faults.forEach(RuntimeException::printStackTrace);
      ArrayList<String> unwritten = new ArrayList<>();
      outcome.unwritten().forEach(failure -> unwritten.add(failure.getMessage()));
      folders.values().forEach(each -> put(each, unwritten));
      commit(file, commits, name);
      return result(outcome, unwritten);
    }

    /** The name of the commit, which says what the case holds now. */
    private String name(
        Recorded recorded, Batch.Outcome outcome, CapturePair pair, Pipeline pipeline) {
      PairState held = recorded.state(pair.id()).orElseThrow();
      if (outcome.compared() == 0 && held == PairState.COMPARED) {
        return work.earlier(); // Files are missing now, and what was compared before stays.
      }
      CaseWriter.Request request = Batch.request(pair, pipeline);
      Commit commit = Commit.of(request, Version.text(), held);
      boolean isAsNamed = recorded.state(request).isPresent();
      return isAsNamed ? commit.name() : commit.ofOtherFiles().name();
    }

    private void put(Path made, List<String> unwritten) {
      String sink = String.valueOf(made.getFileName());
      String target = options.sinks().get(sink);
      try (Stream<Path> files = Files.list(made)) {
        Store store = Store.of(target, options.configuration());
        for (Path each : files.toList()) {
          store.put(each, String.valueOf(each.getFileName()));
        }
      } catch (IOException e) {
        unwritten.add(
            "cannot write "
                + Printable.of(target + "/" + work.outputName())
                + ": "
                + Printable.of(String.valueOf(e.getMessage()))
                + "; free some space or choose another directory");
      }
    }

    private void commit(Path file, Store commits, String name) throws IOException {
      PackedCase.put(file, commits, name);
      if (work.earlier() != null && !work.earlier().equals(name)) {
        commits.remove(work.earlier());
      }
    }

    private PairResult result(Batch.Outcome outcome, ArrayList<String> unwritten) {
      Optional<Batch.Failure> failure =
          outcome.failures().stream().findFirst().or(() -> outcome.unpaired().stream().findFirst());
      PairState state =
          failure.isEmpty()
              ? PairState.COMPARED
              : outcome.unpaired().isEmpty() ? PairState.FAILED : PairState.UNPAIRED;
      return new PairResult(
          work.number(),
          state,
          failure.map(Batch.Failure::reason).orElse(null),
          outcome.replaced() > 0,
          false,
          unwritten,
          null,
          ExecutorTools.host());
    }
  }
}
