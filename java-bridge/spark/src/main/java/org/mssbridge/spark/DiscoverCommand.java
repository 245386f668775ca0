package org.mssbridge.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.cli.DiscoverSummary;
import org.mssbridge.cli.Version;
import org.mssbridge.discover.DiscoverException;
import org.mssbridge.discover.Discovery;
import org.mssbridge.discover.LeftOver;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.spark.files.Places;
import org.mssbridge.split.Splitting;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge-spark discover FOLDER… --out DIR --manifest FILE}. */
@Command(
    name = "discover",
    description = "Finds which captures saw the same connections, whatever their names.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:done",
      "2:the command line is wrong",
      "3:a folder, an executor or the output cannot be used",
      "4:done, and some captures could not be read",
      "130:interrupted; run it again: it resumes and reads nothing twice"
    },
    footerHeading = "Examples:%n",
    footer = {
      "  mssbridge-spark discover captures --out today --manifest pairs.csv --master 'local[*]'",
      "  mssbridge-spark batch pairs.csv --out today --master 'local[*]'"
    })
final class DiscoverCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "FOLDER",
      description = "folders with captures, searched with all folders in them")
  private List<String> folders;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description =
          "keep what was read of each capture in this folder, which batch can use too; created if"
              + " it does not exist")
  private String out;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "write the paths as a manifest for mssbridge-spark batch")
  private String manifest;

  @Option(names = "--tshark", paramLabel = "PATH", description = "use this tshark")
  private String tshark = "tshark";

  @Option(
      names = "--take-over",
      description = "work in a folder although a run that is gone still holds it")
  private boolean takesOver;

  @Option(names = "--quiet", description = "no summary; errors only")
  private boolean quiet;

  @CommandLine.Mixin private Session session;

  @CommandLine.ParentCommand private Main main;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call()
      throws IOException,
          DiscoverException,
          CaseFileException,
          UnusableExecutorException,
          InterruptedException {
    Instant started = main.environment().runTime();
    try (SparkSession spark = session.start("mssbridge discover")) {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      Places places = new Places(hadoop);
      TaskOptions options = options(hadoop, started);
      List<Path> searched = new ArrayList<>();
      for (String folder : folders) {
        searched.add(places.path(folder));
      }
      Set<Path> ours = new HashSet<>();
      if (manifest != null) {
        Path file = places.path(manifest);
        checkManifest(file);
        ours.add(file.toAbsolutePath().normalize());
      }
      Discovery discovery;
      try (OutputFolder folder = OutputFolder.lock(options.out(), hadoop, takesOver)) {
        folder.fingerprints().make();
        folder.fingerprints().removeUnfinished();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        discovery = new ClusterDiscovery(context, options, places).of(searched, ours);
      }
      if (manifest != null) {
        write(discovery, places.path(manifest), hadoop);
      }
      return report(discovery);
    }
  }

  private TaskOptions options(Configuration hadoop, Instant started) {
    return new TaskOptions(
        new SerializableConfiguration(hadoop),
        Store.absolute(out),
        new LinkedHashMap<>(Map.of()),
        tshark,
        null,
        true,
        Splitting.AUTO,
        new HashSet<>(),
        new ArrayList<>(spec.commandLine().getParseResult().originalArgs()),
        Path.of("").toAbsolutePath().toString(),
        started);
  }

  private void checkManifest(Path file) throws OutputException {
    if (isHere(file)) {
      new OutputFiles(List.of()).check(file);
    }
  }

  private static boolean isHere(Path file) {
    return file.getFileSystem().equals(Path.of("").getFileSystem());
  }

  private void write(Discovery discovery, Path file, Configuration hadoop) throws IOException {
    DiscoverSummary summary = new DiscoverSummary(discovery);
    if (isHere(file)) {
      new OutputFiles(discovery.files()).write(file, to -> summary.writeManifest(file, to));
      return;
    }
    try (Leftover scratch = Leftover.temporary()) {
      Path made = scratch.path().resolve("manifest");
      try (OutputStream to = Files.newOutputStream(made)) {
        summary.writeManifest(file, to);
      }
      int slash = manifest.lastIndexOf('/');
      Store.of(manifest.substring(0, slash), hadoop).put(made, manifest.substring(slash + 1));
    }
  }

  private int report(Discovery discovery) {
    PrintWriter to = spec.commandLine().getOut();
    if (!quiet) {
      new DiscoverSummary(discovery)
          .print(
              Optional.ofNullable(manifest)
                  .map(
                      name ->
                          "mssbridge-spark batch "
                              + Printable.of(name)
                              + " --out "
                              + Printable.of(out)),
              to);
      to.flush();
    }
    return discovery.leftOvers().stream().anyMatch(LeftOver::isBroken)
        ? org.mssbridge.cli.Main.PARTLY_DONE
        : org.mssbridge.cli.Main.DONE;
  }
}
