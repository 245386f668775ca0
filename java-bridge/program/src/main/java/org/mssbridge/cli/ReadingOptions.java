package org.mssbridge.cli;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.model.Given;
import org.mssbridge.model.Printable;
import org.mssbridge.pipeline.Frames;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.split.Splitting;
import org.mssbridge.timing.Stopwatch;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options for reading captures, shared by all commands that read them. */
public final class ReadingOptions {
  @Option(
      names = "--only",
      paramLabel = "CODE",
      split = ",",
      completionCandidates = FindingCodes.class,
      description = "report only findings with these codes")
  private Set<String> only = new HashSet<>();

  @Option(
      names = "--filter",
      paramLabel = "DISPLAYFILTER",
      description = "read only frames that match this display filter")
  private String filter;

  @Option(
      names = "--frames",
      paramLabel = "WHICH",
      description =
          "which frames tshark reads: ${COMPLETION-CANDIDATES}; the report is the same, and"
              + " evidence, the default, is many times faster (--filter needs all)")
  private GivenFrames given;

  @Option(
      names = "--points",
      paramLabel = "HOW",
      description =
          "how to tell apart several capture points in one file: ${COMPLETION-CANDIDATES}"
              + " (default: ${DEFAULT-VALUE})")
  private Splitting points = Splitting.AUTO;

  @Option(
      names = "--only-tcp",
      description = "leave out what the captures hold besides TCP: UDP, ICMP echo, ESP, others")
  private boolean onlyTcp;

  @CommandLine.Mixin private TsharkOptions tshark;

  @Option(
      names = "--timings",
      description = "at the end, on standard error: the time for each stage of the run")
  private boolean timings;

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  /** Rejects invalid values and combinations, such as codes that no finding has. */
  public void check() {
    if (filter != null && given == GivenFrames.EVIDENCE) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--filter needs every frame in tshark: leave out --frames evidence");
    }
    Set<String> known = new FindingCodes().sorted();
    for (String code : only) {
      if (!known.contains(code)) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            "--only "
                + Printable.of(code)
                + ": no finding has this code"
                + Suggestion.question(code, known));
      }
    }
  }

  /**
   * Rejects a filter together with an option whose output holds every frame.
   *
   * @param option the name of that option
   */
  public void checkUnfiltered(String option) {
    if (filter != null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          option + " needs every frame: leave out --filter, and filter in Wireshark");
    }
  }

  /**
   * The tshark that {@code --tshark} names, with the post-dissector of this installation. Rejects a
   * filter that it does not take.
   */
  public Tshark findTshark() throws TsharkException {
    Tshark found = tshark.find();
    if (filter != null) {
      Optional<String> complaint = found.complaintAbout(filter);
      if (complaint.isPresent()) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            "--filter: tshark rejects '" + Printable.of(filter) + "': " + complaint.get());
      }
    }
    return found;
  }

  /** Starts to measure, if {@code --timings} asks for it. */
  public Timekeeping timekeeping() {
    return Timekeeping.of(timings);
  }

  /**
   * The pipeline that compares captures with these options.
   *
   * @param evidence how frames are read if no option asks for more
   */
  public Pipeline pipeline(Tshark reader, Frames evidence, Stopwatch stopwatch) {
    return new Pipeline(
        reader, frames(evidence), points, only, Knowledge.load(), Given.NOTHING, stopwatch);
  }

  /** The name or path of tshark. */
  public String tshark() {
    return tshark.name();
  }

  /** Codes of the findings to report; empty for all. */
  public Set<String> only() {
    return Set.copyOf(only);
  }

  /** How the points of a file that holds several are told apart. */
  public Splitting points() {
    return points;
  }

  /**
   * Which frames are used, and by whom they are read.
   *
   * @param evidence how frames are read if no option asks for more
   */
  public Frames frames(Frames evidence) {
    Frames all =
        filter != null
            ? Frames.matching(filter)
            : given == GivenFrames.ALL ? Frames.all() : evidence;
    return onlyTcp ? all.withoutOthers() : all;
  }
}
