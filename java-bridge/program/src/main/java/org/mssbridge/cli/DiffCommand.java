package org.mssbridge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mssbridge.diff.DiffJson;
import org.mssbridge.diff.DiffText;
import org.mssbridge.diff.ReportDiff;
import org.mssbridge.diff.SavedReport;
import org.mssbridge.diff.UnreadableReportException;
import org.mssbridge.model.Severity;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.report.TextStyle.Detail;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mssbridge diff GOOD.json BAD.json}. */
@Command(
    name = "diff",
    description =
        "Compares two reports that compare --json wrote, such as those before and after a change.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:done",
      "1:a finding that is new or worse reached --fail-on",
      "2:the command line is wrong",
      "3:a report cannot be read, or the output cannot be written"
    },
    footerHeading = "Examples:%n",
    footer = {
      "  mssbridge diff monday.json tuesday.json",
      "  mssbridge diff before.json after.json --fail-on warn"
    })
final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "GOOD", description = "the report to compare with")
  private Path good;

  @Parameters(index = "1", paramLabel = "BAD", description = "the report that may be worse")
  private Path bad;

  @Option(names = "--json", paramLabel = "FILE", description = "write the differences as JSON")
  private Path json;

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "exit status 1 if a finding of that severity is new, or an old one became so")
  private Severity failOn;

  @Option(
      names = {"-v", "--verbose"},
      description = "what is only recorded, too")
  private boolean verbose;

  @CommandLine.ParentCommand private Main main;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws UnreadableReportException, OutputException {
    OutputFiles files = new OutputFiles(List.of(good, bad));
    if (json != null) {
      Terminal.checkApart(spec, files.inputs(), Map.of("--json", List.of(json)));
      files.check(json);
    }
    ReportDiff diff = ReportDiff.of(SavedReport.read(good), SavedReport.read(bad));
    Terminal.print(
        DiffText.render(
            diff, Terminal.style(main.environment(), verbose ? Detail.MORE : Detail.SHORT)),
        spec);
    if (json != null) {
      files.write(json, out -> DiffJson.write(diff, out));
    }
    return failOn != null && diff.isWorse(failOn) ? Main.FAILED_ON_FINDING : Main.DONE;
  }
}
