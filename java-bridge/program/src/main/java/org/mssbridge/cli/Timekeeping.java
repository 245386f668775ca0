package org.mssbridge.cli;

import java.io.PrintWriter;
import java.util.Optional;
import org.mssbridge.timing.CollectingStopwatch;
import org.mssbridge.timing.RunningStopwatch;
import org.mssbridge.timing.Stopwatch;
import org.mssbridge.timing.TimingsText;

/**
 * What {@code --timings} measures and prints; without the option, nothing. Either way, memory is
 * collected between stages.
 *
 * @param running empty without the option
 */
public record Timekeeping(Optional<RunningStopwatch> running) {
  public static Timekeeping of(boolean isWanted) {
    return new Timekeeping(isWanted ? Optional.of(RunningStopwatch.started()) : Optional.empty());
  }

  public Stopwatch stopwatch() {
    return new CollectingStopwatch(running.isPresent() ? running.get() : Stopwatch.none());
  }

  public void print(PrintWriter out) {
    running.ifPresent(watch -> TimingsText.lines(watch.timings()).forEach(out::println));
  }
}
