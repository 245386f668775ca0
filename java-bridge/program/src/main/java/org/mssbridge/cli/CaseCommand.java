package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.mssbridge.batch.PairPages;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.CasePage;
import org.mssbridge.casefile.CaseParquet;
import org.mssbridge.casefile.CaseSummary;
import org.mssbridge.casefile.CaseText;
import org.mssbridge.casefile.FindingsCsv;
import org.mssbridge.casefile.FindingsEk;
import org.mssbridge.casefile.FindingsNdjson;
import org.mssbridge.casefile.RecordedFile;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.output.Outputs;
import org.mssbridge.report.TextStyle.Detail;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge case CASE.db}. */
@Command(
    name = "case",
    description = "Summarises all comparisons of a case, also while the batch runs.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:done",
      "2:the command line is wrong",
      "3:the case cannot be read, or an output cannot be written"
    },
    footerHeading = "Examples:%n",
    footer = {
      "  mssbridge case today.db",
      "  mssbridge case today.db --html summary.html --csv findings.csv",
      "  mssbridge case today.db --parquet today"
    })
final class CaseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CASE", description = "the case file, made by mssbridge batch")
  private Path file;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "write the summary as a single HTML page")
  private Path html;

  @Option(
      names = "--pages",
      paramLabel = "DIR",
      description = "the folder of batch --html, so that the summary links the page of each pair")
  private Path pages;

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

  @Option(
      names = "--parquet",
      paramLabel = "DIR",
      description = "write all tables as Parquet, a folder for each")
  private Path parquet;

  @CommandLine.ParentCommand private Main main;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws CaseFileException, OutputException {
    Map<String, Path> outputs = outputs();
    Map<String, List<Path>> files = new LinkedHashMap<>();
    outputs.forEach((option, output) -> files.put(option, List.of(output)));
    if (parquet != null) {
      files.put("--parquet", List.of(parquet));
    }
    try (CaseFile opened = CaseFile.forReading(file)) {
      OutputFiles writer = new OutputFiles(inputs(opened));
      Terminal.checkApart(spec, writer.inputs(), files);
      for (Path output : outputs.values()) {
        writer.check(output);
      }
      if (parquet != null) {
        new CaseParquet(opened).check(parquet);
      }
      CaseSummary summary = CaseSummary.of(opened);
      List<OutputException> failures = write(opened, summary, links(), writer);
      Terminal.print(
          CaseText.render(file, opened, summary, Terminal.style(main.environment(), Detail.SHORT)),
          spec);
      return failures.isEmpty() ? Main.DONE : main.complaints().ofOutputs(failures);
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
    List<Path> inputs = new ArrayList<>(CaseFile.files(file));
    RecordedFile.of(opened).forEach(recorded -> inputs.add(recorded.path()));
    return inputs;
  }

  /** The links to the pages of pairs. */
  private Function<String, Optional<String>> links() throws OutputException {
    if (html == null || pages == null) {
      return pair -> Optional.empty();
    }
    try {
      return new PairPages(pages, html);
    } catch (IOException e) {
      throw new OutputException(
          Printable.of(pages) + ": not a folder of pages that can be read", e);
    }
  }

  private List<OutputException> write(
      CaseFile opened,
      CaseSummary summary,
      Function<String, Optional<String>> links,
      OutputFiles files)
      throws CaseFileException {
    Outputs outputs = new Outputs(line -> {});
    write(html, out -> CasePage.write(file, opened, summary, links, out), files, outputs);
    write(ndjson, out -> FindingsNdjson.write(opened, out), files, outputs);
    write(csv, out -> FindingsCsv.write(opened, out), files, outputs);
    write(ek, out -> FindingsEk.write(opened, out), files, outputs);
    if (parquet != null) {
      CaseParquet tables = new CaseParquet(opened);
      outputs.write(() -> tables.write(parquet));
    }
    return outputs.failures();
  }

  private static void write(
      Path place, OutputFiles.Content content, OutputFiles files, Outputs outputs) {
    if (place != null) {
      outputs.write(() -> files.write(place, content));
    }
  }
}
