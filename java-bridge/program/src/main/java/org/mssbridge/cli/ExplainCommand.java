package org.mssbridge.cli;

import java.util.concurrent.Callable;
import org.mssbridge.knowledge.Explanation;
import org.mssbridge.report.ExplainText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mssbridge explain NUMBER}. */
@Command(
    name = "explain",
    description = "Says what a number can mean as an MSS, an MTU or a frame size.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:done", "2:the command line is wrong"},
    footerHeading = "Example:%n",
    footer = "  mssbridge explain 1380")
final class ExplainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NUMBER", description = "bytes, 1 to 65535")
  private int number;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    Explanation explanation;
    try {
      explanation = Explanation.of(number);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    Terminal.print(ExplainText.render(explanation), spec);
    return Main.DONE;
  }
}
