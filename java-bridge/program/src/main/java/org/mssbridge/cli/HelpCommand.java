package org.mssbridge.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.mssbridge.model.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mssbridge help [COMMAND]}. */
@Command(
    name = "help",
    description = "Shows the help of a command.",
    helpCommand = true,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footerHeading = "Example:%n",
    footer = "  mssbridge help compare")
final class HelpCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "such as compare")
  private String command;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine program = spec.parent().commandLine();
    Map<String, CommandLine> commands = program.getSubcommands();
    CommandLine asked = command == null ? program : commands.get(command);
    if (asked == null) {
      throw new CommandLine.ParameterException(
          program,
          Printable.of(command)
              + ": no such command"
              + Suggestion.question(command, commands.keySet()));
    }
    asked.usage(spec.commandLine().getOut());
    return Main.DONE;
  }
}
