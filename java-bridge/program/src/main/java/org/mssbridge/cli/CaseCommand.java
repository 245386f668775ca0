package org.mssbridge.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.CasePage;
import org.mssbridge.casefile.CaseSummary;
import org.mssbridge.casefile.CaseText;
import org.mssbridge.casefile.FindingsCsv;
import org.mssbridge.casefile.FindingsEk;
import org.mssbridge.casefile.FindingsNdjson;
import org.mssbridge.casefile.RecordedFile;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge case CASE.db}. */
@Command(
    name = "case",
    description = "Sums up what all comparisons of a case show, also while they go on.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CaseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CASE", description = "the case file, made by mssbridge batch")
  private Path file;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "write the summary as one page that a browser opens from disk")
  private Path html;

  @Option(
      names = "--ndjson",
      paramLabel = "FILE",
      description = "write all findings as newline-delimited JSON")
  private Path ndjson;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "write all findings as a table for spreadsheets")
  private Path csv;

  @Option(
      names = "--ek",
      paramLabel = "FILE",
      description = "write all findings as newline-delimited JSON for a _bulk request")
  private Path ek;

  @CommandLine.ParentCommand private Main main;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws CaseFileException, OutputException {
    Map<String, Path> outputs = outputs();
    Map<String, List<Path>> files = new LinkedHashMap<>();
    outputs.forEach((option, output) -> files.put(option, List.of(output)));
    Terminal.checkApart(spec, files);
    try (CaseFile opened = CaseFile.forReading(file)) {
      OutputFiles writer = new OutputFiles(inputs(opened));
      for (Path output : outputs.values()) {
        writer.check(output);
      }
      CaseSummary summary = CaseSummary.of(opened);
      write(opened, summary, writer);
      spec.commandLine()
          .getOut()
          .print(CaseText.render(file, summary, Terminal.isColourful(main.environment())));
      return Main.DONE;
    }
  }

  /** The output files, by option. */
  private Map<String, Path> outputs() {
    Map<String, Path> outputs = new LinkedHashMap<>();
    outputs.put("--html", html);
    outputs.put("--ndjson", ndjson);
    outputs.put("--csv", csv);
    outputs.put("--ek", ek);
    outputs.values().removeIf(Objects::isNull);
    return outputs;
  }

  /** The files that no output may overwrite: the case and its captures. */
  private List<Path> inputs(CaseFile opened) throws CaseFileException {
    List<Path> inputs = new ArrayList<>();
    for (String suffix : List.of("", "-wal", "-shm")) {
      inputs.add(file.resolveSibling(file.getFileName() + suffix));
    }
    RecordedFile.of(opened).forEach(recorded -> inputs.add(recorded.path()));
    return inputs;
  }

  private void write(CaseFile opened, CaseSummary summary, OutputFiles files)
      throws OutputException {
    if (html != null) {
      files.write(html, out -> CasePage.write(file, opened, summary, out));
    }
    if (ndjson != null) {
      files.write(ndjson, out -> FindingsNdjson.write(opened, out));
    }
    if (csv != null) {
      files.write(csv, out -> FindingsCsv.write(opened, out));
    }
    if (ek != null) {
      files.write(ek, out -> FindingsEk.write(opened, out));
    }
  }
}
