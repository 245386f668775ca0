package org.mssbridge.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.mssbridge.finding.Kind;
import org.mssbridge.knowledge.Explanation;
import org.mssbridge.report.ExplainText;
import org.mssbridge.rule.Rules;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mssbridge explain NUMBER} or {@code mssbridge explain CODE}. */
@Command(
    name = "explain",
    description = "Explains a number as an MSS or MTU, or the code of a finding.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:done", "2:the command line is wrong"},
    footerHeading = "Example:%n",
    footer = "  mssbridge explain 1380")
final class ExplainCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "NUMBER|CODE",
      completionCandidates = FindingCodes.class,
      description = "bytes, 1 to 65535; or a finding's code")
  private String subject;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    Optional<Kind> kind =
        Rules.all().stream()
            .flatMap(rule -> rule.kinds().stream())
            .filter(one -> one.code().equals(subject))
            .findFirst();
    Terminal.print(kind.isPresent() ? ExplainText.render(kind.get()) : ofNumber(), spec);
    return Main.DONE;
  }

  private String ofNumber() {
    try {
      return ExplainText.render(Explanation.of(Integer.parseInt(subject)));
    } catch (NumberFormatException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "'" + subject + "' is neither a whole number nor the code of a finding",
          e);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
