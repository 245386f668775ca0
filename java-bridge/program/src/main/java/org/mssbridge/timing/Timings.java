package org.mssbridge.timing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the time of a run went.
 *
 * @param laps the stages and their parts that followed each other, in the order of the stages
 * @param rules what the rules took, each on one thread; the slowest first
 * @param readings the captures, by the names of their points
 * @param total the whole run
 * @param pairs the number of pairs of a batch, whose times are added up; 0 without a batch
 */
public record Timings(
    List<Lap> laps, List<Lap> rules, List<Reading> readings, Total total, int pairs) {
  public Timings {
    laps = List.copyOf(laps);
    rules = List.copyOf(rules);
    readings = List.copyOf(readings);
  }

  /**
   * The whole run.
   *
   * @param wall since the JVM started
   * @param cpu of the JVM; empty if not measured
   * @param children CPU time of the programs that it started; empty if not measured
   * @param compilation how long the JVM's compiler worked by the clock, all its threads together;
   *     empty if not measured
   * @param collection how long the JVM collected garbage, by the clock
   */
  public record Total(
      Duration wall,
      Optional<Duration> cpu,
      Optional<Duration> children,
      Optional<Duration> compilation,
      Duration collection) {}
}
