package org.mssbridge.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.mssbridge.model.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line. Exit status: 0 done; 1 done, and a finding reached {@code --fail-on}; 2 usage;
 * 3 an input or tshark could not be used; 130 interrupted.
 */
@Command(
    name = "mssbridge",
    description =
        "Compares captures of the same TCP traffic taken at two or more points of its path.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {CompareCommand.class, ExplainCommand.class})
public final class Main implements Runnable {
  static final int DONE = 0;
  static final int FAILED_ON_FINDING = 1;
  static final int USAGE = 2;
  static final int UNUSABLE = 3;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs the program and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = run(arguments, out, err);
    out.flush();
    err.flush();
    System.exit(status);
  }

  /**
   * Runs the program in this JVM.
   *
   * @param out takes the report
   * @param err takes progress and complaints
   * @return the exit status
   */
  public static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    CommandLine line =
        new CommandLine(new Main())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(Main::complainOfUsage)
            .setExecutionExceptionHandler(Main::complain);
    return line.execute(arguments);
  }

  private static int complainOfUsage(CommandLine.ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    String words = Printable.of(String.valueOf(failure.getMessage()));
    line.getErr()
        .println(
            "mssbridge: " + words + "; see " + line.getCommandSpec().qualifiedName() + " --help");
    return USAGE;
  }

  /** One line, never a stack trace. */
  private static int complain(
      Exception failure, CommandLine line, CommandLine.ParseResult arguments) {
    String words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    line.getErr().println("mssbridge: " + words.lines().findFirst().orElse(words));
    return UNUSABLE;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name a command, such as: mssbridge compare CLIENT SERVER");
  }
}
