package org.mssbridge.pipeline;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Findings;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.model.Given;
import org.mssbridge.model.Input;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;
import org.mssbridge.rule.Rules;
import org.mssbridge.split.Splitting;
import org.mssbridge.timing.Stage;
import org.mssbridge.timing.Stopwatch;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/**
 * Makes a report from captures: reads them, pairs and aligns their connections, and runs the rules.
 *
 * @param tshark reads the captures
 * @param frames which frames are used
 * @param splitting how the points of a file that holds several are told apart
 * @param only report findings with these codes; empty for all
 * @param knowledge what is known about values
 * @param given what the user knows of the captures
 * @param stopwatch measures the stages
 */
public record Pipeline(
    Tshark tshark,
    Frames frames,
    Splitting splitting,
    Set<String> only,
    Knowledge knowledge,
    Given given,
    Stopwatch stopwatch) {
  public Pipeline {
    only = Set.copyOf(only);
  }

  /** A pipeline that is not measured. */
  public Pipeline(
      Tshark tshark, Frames frames, Splitting splitting, Set<String> only, Knowledge knowledge) {
    this(tshark, frames, splitting, only, knowledge, Given.NOTHING, Stopwatch.none());
  }

  /** The same, measured. */
  public Pipeline with(Stopwatch other) {
    return new Pipeline(tshark, frames, splitting, only, knowledge, given, other);
  }

  /** The same for captures of which the user knows something. */
  public Pipeline with(Given known) {
    return new Pipeline(tshark, frames, splitting, only, knowledge, known, stopwatch);
  }

  /**
   * Splits the captures that hold several points, without reading more of the others than it takes.
   *
   * @param given in the order of the path, from the client's side on
   * @throws TsharkException if a capture cannot be read, or there is no room for its parts
   */
  public SplitInputs split(List<Input> given) throws TsharkException, IOException {
    stopwatch.enter(Stage.SPLITTING);
    return SplitInputs.of(given, splitting);
  }

  /**
   * Compares captures of one path.
   *
   * @param inputs in the order of the path, from the client's side on, each of one point
   * @param tool the run, as the report names it
   * @param progress stays open
   * @throws TsharkException if a capture cannot be used
   */
  public Report run(List<Input> inputs, Report.Tool tool, ReadProgress progress)
      throws TsharkException, IOException, InterruptedException {
    progress.enter(ReadProgress.Stage.READING);
    stopwatch.enter(Stage.READING);
    List<ReadCapture> read = new CaptureReader(tshark, frames, progress, stopwatch).readAll(inputs);
    List<PointCapture> captures = read.stream().map(ReadCapture::content).toList();
    progress.enter(ReadProgress.Stage.PAIRING);
    Evidence evidence = new Evidence(Comparison.of(captures, given, stopwatch), knowledge);
    progress.enter(ReadProgress.Stage.RULES);
    Findings all = Rules.check(evidence, stopwatch);
    List<Findings.Reported> findings =
        all.reported().stream()
            .filter(f -> only.isEmpty() || only.contains(f.finding().kind().code()))
            .toList();
    return new Report(tool, read, evidence, findings, all.checked());
  }
}
