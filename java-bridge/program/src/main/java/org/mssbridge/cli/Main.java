package org.mssbridge.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line. Exit status: 0 done; 1 done, and a finding reached {@code --fail-on}; 2 usage;
 * 3 an input or tshark could not be used, or an output not be written; 4 a batch ended and some of
 * its pairs could not be compared, or discover could not read some captures; 130 interrupted; 141
 * the reader of standard output has gone.
 */
@Command(
    name = "mssbridge",
    description =
        "Compares captures of the same TCP traffic taken at two or more points of its path.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:done",
      "1:done, and a finding reached --fail-on, or a check failed",
      "2:the command line is wrong",
      "3:an input, tshark or Java cannot be used, or an output not be written",
      "4:some pairs of a batch, or captures of discover, could not be used",
      "129:ended by the signal HUP",
      "130:interrupted",
      "141:the reader of standard output has gone",
      "143:ended by the signal TERM"
    },
    footerHeading = "Examples:%n",
    footer = {"  mssbridge compare client.pcap server.pcap", "  mssbridge help compare"})
public final class Main implements Runnable {
  public static final int DONE = 0;
  public static final int FAILED_ON_FINDING = 1;
  public static final int USAGE = 2;
  public static final int UNUSABLE = 3;
  public static final int PARTLY_DONE = 4;
  static final int INTERRUPTED = 130;

  /** As if the signal SIGPIPE, which Java ignores, had ended the program. */
  static final int UNREAD = 141;

  /** In the order of the help. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          CompareCommand.class,
          BatchCommand.class,
          DiscoverCommand.class,
          InspectCommand.class,
          CaseCommand.class,
          VerifyCommand.class,
          DiffCommand.class,
          ExplainCommand.class,
          OpenCommand.class,
          InstallCommand.class,
          DoctorCommand.class,
          McpCommand.class,
          HelpCommand.class);

  private final Environment environment;
  private final Complaints complaints;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main(Environment environment, Complaints complaints) {
    this.environment = environment;
    this.complaints = complaints;
  }

  /** Runs the program and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    Launcher launcher = new Launcher();
    launcher.follow();
    System.setErr(launcher.standardError());
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Main main = of(new Environment(System.getenv()), err);
    Thread.setDefaultUncaughtExceptionHandler(main.complaints);
    int status =
        Stream.concat(Stream.of(arguments), launcher.folders())
            .filter(name -> !Printable.isText(name))
            .findFirst()
            .map(main.complaints::ofName)
            .orElseGet(() -> main.execute(arguments, out, err));
    err.flush();
    System.exit(launcher.statusFor(status));
  }

  /**
   * Runs the program in this JVM, with no environment variables.
   *
   * @param out takes the report
   * @param err takes progress and error messages
   * @return the exit status
   */
  public static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    return run(arguments, new Environment(Map.of()), out, err);
  }

  static int run(String[] arguments, Environment environment, PrintWriter out, PrintWriter err) {
    return of(environment, err).execute(arguments, out, err);
  }

  /** A program that writes error messages to a stream. */
  static Main of(Environment environment, PrintWriter err) {
    return new Main(environment, new Complaints(err, environment.showsTraces()));
  }

  private int execute(String[] arguments, PrintWriter out, PrintWriter err) {
    int status = statusOf(arguments, out, err);
    boolean isLost = out.checkError() && status != INTERRUPTED;
    return isLost ? complaints.ofStandardOutput() : status;
  }

  private int statusOf(String[] arguments, PrintWriter out, PrintWriter err) {
    try {
      return commandLine(this, arguments)
          .setOut(out)
          .setErr(err)
          .setParameterExceptionHandler(complaints::ofUsage)
          .setExecutionExceptionHandler(complaints::ofExecution)
          .execute(arguments);
    } catch (RuntimeException | Error e) {
      return complaints.of(e);
    }
  }

  /** The commands and options, for what describes them. */
  public static CommandLine commandLine() {
    return commandLine(of(new Environment(Map.of()), new PrintWriter(Writer.nullWriter())));
  }

  private static CommandLine commandLine(Main main, String... arguments) {
    CommandLine line = new CommandLine(main);
    commands(arguments).forEach(command -> line.addSubcommand(new CommandLine(command)));
    return Choice.registerIn(line).setExpandAtFiles(false); // a capture may be named @home.pcap
  }

  /** The one that is named, where its options are all that matters: each costs time at a start. */
  private static List<Class<?>> commands(String... arguments) {
    for (Class<?> command : COMMANDS) {
      if (arguments.length > 0
          && command != HelpCommand.class
          && command.getAnnotation(Command.class).name().equals(arguments[0])) {
        return List.of(command);
      }
    }
    return COMMANDS;
  }

  Environment environment() {
    return environment;
  }

  Complaints complaints() {
    return complaints;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name a command, as in mssbridge compare CLIENT.pcap SERVER.pcap");
  }
}
