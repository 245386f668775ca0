package org.mssbridge.spark;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.mssbridge.cli.Choice;
import org.mssbridge.cli.Complaints;
import org.mssbridge.cli.Environment;
import org.mssbridge.cli.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line of the program on Spark. The exit status is that of {@link
 * org.mssbridge.cli.Main}.
 */
@Command(
    name = "mssbridge-spark",
    description = "Compares captures of many paths on Apache Spark.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footerHeading = "Examples:%n",
    footer = {
      "  mssbridge-spark batch pairs.csv --out today --master 'local[*]'",
      "  spark-submit --class org.mssbridge.spark.Main mssbridge-spark.jar batch pairs.csv --out"
          + " today"
    },
    subcommands = {BatchCommand.class, DiscoverCommand.class})
public final class Main implements Runnable {
  private final Environment environment;
  private final Complaints complaints;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main(Environment environment, Complaints complaints) {
    this.environment = environment;
    this.complaints = complaints;
  }

  /** Runs the program and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = run(arguments, new Environment(System.getenv()), out, err);
    out.flush();
    err.flush();
    System.exit(status);
  }

  /**
   * Runs the program in this JVM.
   *
   * @param out takes the summary
   * @param err takes error messages
   * @return the exit status
   */
  static int run(String[] arguments, Environment environment, PrintWriter out, PrintWriter err) {
    Complaints complaints = new Complaints(err, environment.showsTraces());
    try {
      return Choice.registerIn(new CommandLine(new Main(environment, complaints)))
          .setOut(out)
          .setErr(err)
          .setExpandAtFiles(false) // a capture may be named @home.pcap
          .setParameterExceptionHandler(complaints::ofUsage)
          .setExecutionExceptionHandler(complaints::ofExecution)
          .execute(arguments);
    } catch (RuntimeException | Error e) {
      return complaints.of(e);
    }
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
        spec.commandLine(), "name a command, as in mssbridge-spark batch MANIFEST --out DIR");
  }
}
