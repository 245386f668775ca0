package org.mssbridge.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.CaseSummary;
import org.mssbridge.casefile.CaseText;
import org.mssbridge.report.OutputException;
import org.mssbridge.report.ReportFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge case CASE.db}. */
@Command(
    name = "case",
    description = "Sums up what all comparisons of a case show.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CaseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CASE", description = "the case file")
  private Path file;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws CaseFileException, OutputException {
    try (CaseFile opened = CaseFile.forReading(file)) {
      CaseSummary summary = CaseSummary.of(opened);
      Terminal.print(CaseText.render(file, summary, Terminal.isColourful()), spec);
      return Main.DONE;
    }
  }
}
