package org.mssbridge.spark;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.mssbridge.cli.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code mssbridge-spark discover FOLDER… --manifest FILE}. */
@Command(
    name = "discover",
    description = "Finds which captures saw the same connections.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DiscoverCommand implements Callable<Integer> {
  @CommandLine.Mixin private Session session;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (SparkSession spark = session.start("mssbridge discover")) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "discover is not there yet, with Spark " + spark.version());
    }
  }
}
