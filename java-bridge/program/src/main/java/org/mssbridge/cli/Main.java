package org.mssbridge.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.mssbridge.model.Printable;
import org.mssbridge.pipeline.Shutdown;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line. Exit status: 0 done; 1 done, and a finding reached {@code --fail-on}; 2 usage;
 * 3 an input or tshark could not be used; 4 a batch ended and some of its pairs could not be
 * compared; 130 interrupted.
 */
@Command(
    name = "mssbridge",
    description =
        "Compares captures of the same TCP traffic taken at two or more points of its path.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      CompareCommand.class,
      BatchCommand.class,
      InspectCommand.class,
      CaseCommand.class,
      VerifyCommand.class,
      ExplainCommand.class,
      OpenCommand.class,
      InstallCommand.class,
      DoctorCommand.class
    })
public final class Main implements Runnable {
  public static final int DONE = 0;
  public static final int FAILED_ON_FINDING = 1;
  public static final int USAGE = 2;
  public static final int UNUSABLE = 3;
  public static final int PARTLY_DONE = 4;
  static final int INTERRUPTED = 130;

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
            .setExpandAtFiles(false) // a capture may be named @home.pcap
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(Main::complainOfUsage)
            .setExecutionExceptionHandler(Main::complain);
    try {
      return line.execute(arguments);
    } catch (OutOfMemoryError e) {
      err.println(
          "mssbridge: these captures need more memory: give it some, as in MSSBRIDGE_OPTS=-Xmx4g");
      return UNUSABLE;
    } catch (Error e) {
      err.println("mssbridge: " + faultOf(e));
      return UNUSABLE;
    }
  }

  private static int complainOfUsage(CommandLine.ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    String words = Printable.of(String.valueOf(failure.getMessage()));
    line.getErr()
        .println(
            "mssbridge: " + words + "; see " + line.getCommandSpec().qualifiedName() + " --help");
    return USAGE;
  }

  /** One line, never a stack trace; nothing where all fails since the program is interrupted. */
  private static int complain(
      Exception failure, CommandLine line, CommandLine.ParseResult arguments) {
    if (Shutdown.isUnderWay()) {
      return INTERRUPTED;
    }
    String words = failure instanceof RuntimeException ? faultOf(failure) : wordsOf(failure);
    line.getErr().println("mssbridge: " + words.lines().findFirst().orElse(words));
    return UNUSABLE;
  }

  private static String wordsOf(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  /** A fault of this program, with the place that has it. */
  private static String faultOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    StackTraceElement[] trace = root.getStackTrace();
    return "internal error, please report it: "
        + Printable.of(root.toString())
        + (trace.length == 0 ? "" : " in " + trace[0]);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name a command, such as: mssbridge compare CLIENT SERVER");
  }
}
