package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.FingerprintedCaptures;
import org.mssbridge.discover.DiscoverException;
import org.mssbridge.discover.Discovery;
import org.mssbridge.discover.LeftOver;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.output.RealPath;
import org.mssbridge.pipeline.Frames;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.split.Splitting;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge discover FOLDER…}. */
@Command(
    name = "discover",
    description = "Finds which captures saw the same connections, whatever their names.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:done",
      "2:the command line is wrong",
      "3:a folder, tshark or the case file cannot be used, or the manifest cannot be written",
      "4:done, and some captures could not be read",
      "130:interrupted; with --case, run it again: it resumes and reads nothing twice"
    },
    footerHeading = "Examples:%n",
    footer = {
      "  mssbridge discover captures --manifest pairs.csv",
      "  mssbridge discover monday tuesday --case week.db --manifest week.csv",
      "  mssbridge batch week.csv --case week.db"
    })
final class DiscoverCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "FOLDER",
      description = "folders with captures, searched with all folders in them")
  private List<Path> folders;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "write the paths as a manifest for mssbridge batch")
  private Path manifest;

  @Option(
      names = "--case",
      paramLabel = "FILE",
      description =
          "keep what was read of each capture in this case file, so that another run reads only"
              + " new ones; created if it does not exist")
  private Path caseFile;

  @Option(
      names = "--jobs",
      paramLabel = "NUMBER",
      description = "captures read at once (default: one per processor)")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @CommandLine.Mixin private TsharkOptions tshark;

  @Option(names = "--quiet", description = "no progress and no summary; errors only")
  private boolean quiet;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call()
      throws TsharkException,
          CaseFileException,
          DiscoverException,
          OutputException,
          IOException,
          InterruptedException {
    if (jobs < 1) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--jobs must be 1 or more");
    }
    OutputFiles outputs = new OutputFiles(List.of());
    Map<String, List<Path>> files = new HashMap<>();
    if (manifest != null) {
      files.put("--manifest", List.of(manifest));
      outputs.check(manifest);
    }
    if (caseFile != null) {
      files.put("--case", CaseFile.files(caseFile));
    }
    Terminal.checkApart(spec, List.of(), files);
    Tshark reader = tshark.find();
    Discovery discovery = discover(reader);
    if (manifest != null) {
      write(discovery);
    }
    if (!quiet) {
      new DiscoverSummary(discovery)
          .print(
              Optional.ofNullable(manifest)
                  .map(name -> "mssbridge batch " + Printable.of(name) + " --case FILE"),
              spec.commandLine().getOut());
    }
    return discovery.leftOvers().stream().anyMatch(LeftOver::isBroken)
        ? Main.PARTLY_DONE
        : Main.DONE;
  }

  private Discovery discover(Tshark reader)
      throws TsharkException,
          CaseFileException,
          DiscoverException,
          IOException,
          InterruptedException {
    if (caseFile != null) {
      return discover(reader, caseFile);
    }
    try (Leftover folder = Leftover.temporary()) {
      return discover(reader, folder.path().resolve("case.db"));
    }
  }

  private Discovery discover(Tshark reader, Path kept)
      throws TsharkException, CaseFileException, DiscoverException, InterruptedException {
    Pipeline pipeline =
        new Pipeline(reader, Frames.evidenceOfRun(), Splitting.AUTO, Set.of(), Knowledge.load());
    try (CaseFile file = CaseFile.forWriting(kept);
        DiscoverBar bar = new DiscoverBar(!quiet && Terminal.isTerminal("stderr"))) {
      return Discovery.of(
          folders,
          new Discovery.Settings(
              pipeline, FingerprintedCaptures.of(file, Version.text()), jobs, ours(kept), bar));
    }
  }

  /** The files that the program writes, which may be in the folders. */
  private Set<Path> ours(Path kept) {
    Set<Path> ours = new HashSet<>();
    CaseFile.files(kept).forEach(file -> ours.add(RealPath.of(file)));
    if (manifest != null) {
      ours.add(RealPath.of(manifest));
    }
    return ours;
  }

  private void write(Discovery discovery) throws OutputException {
    new OutputFiles(discovery.files())
        .write(manifest, out -> new DiscoverSummary(discovery).writeManifest(manifest, out));
  }
}
