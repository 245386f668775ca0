package org.mssbridge.spark;

import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** How a command starts Spark. */
final class Session {
  private static final String MASTER = "spark.master";

  /** What holds unless the user says something else, by {@code --conf} or a file of Spark. */
  private static final Map<String, String> DEFAULTS =
      Map.of(MASTER, "local[*]", "spark.ui.enabled", "false");

  /**
   * What always holds. Of two tasks that do the same, one would be killed: each runs tshark for
   * minutes, and its row would be written by whoever is first. And Kryo cannot make the records
   * that tasks return.
   */
  private static final Map<String, String> ALWAYS =
      Map.of("spark.speculation", "false", "spark.serializer", JavaSerializer.class.getName());

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark's master (default: that of spark-submit, or local[*], all processors of this"
              + " machine)")
  private String master;

  /** Starts Spark; {@link SparkSession#close} ends it. */
  SparkSession start(String name) {
    SparkConf conf = new SparkConf().setAppName(name);
    Optional.ofNullable(master).ifPresent(conf::setMaster);
    DEFAULTS.forEach(conf::setIfMissing);
    ALWAYS.forEach(conf::set);
    return SparkSession.builder().config(conf).getOrCreate();
  }
}
