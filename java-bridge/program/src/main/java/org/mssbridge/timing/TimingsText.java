package org.mssbridge.timing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lines for people that say where the time of a run went. */
public final class TimingsText {
  private static final int MOST_RULES = 5;

  private final List<String> lines = new ArrayList<>();

  private TimingsText() {}

  /** The lines, without an end of line each. */
  public static List<String> lines(Timings timings) {
    TimingsText text = new TimingsText();
    text.write(timings);
    return List.copyOf(text.lines);
  }

  private void write(Timings timings) {
    line("", "wall s", "CPU s", "tshark's");
    boolean isBatch = timings.pairs() > 0;
    Stage before = null;
    for (Lap lap : timings.laps()) {
      String name = lap.stage().label() + (lap.part().isEmpty() ? "" : " " + lap.part());
      line(name, seconds(lap.wall()), seconds(lap.cpu()), "");
      if (lap.stage() != before) {
        writeParts(timings, lap.stage());
      }
      before = lap.stage();
    }
    Timings.Total total = timings.total();
    line("all", seconds(total.wall()), seconds(total.cpu()), seconds(total.children()));
    total.compilation().ifPresent(time -> line("  Java's compiler, beside", seconds(time), "", ""));
    line("  garbage collection", seconds(total.collection()), "", "");
    if (isBatch) {
      lines.add(
          timings.pairs()
              + (timings.pairs() == 1 ? " pair" : " pairs, side by side: stages are their sums"));
    }
  }

  private void writeParts(Timings timings, Stage stage) {
    if (stage == Stage.READING) {
      timings.readings().forEach(this::write);
    } else if (stage == Stage.RULES) {
      timings.rules().stream()
          .limit(MOST_RULES)
          .forEach(r -> line("  " + r.part(), seconds(r.wall()), seconds(r.cpu()), ""));
    }
  }

  private void write(Reading reading) {
    line("  " + reading.point(), seconds(reading.wall()), "", seconds(reading.tsharkCpu()));
    line("    scan", "", seconds(reading.scanCpu()), "");
    line("    tshark's lines", "", seconds(reading.linesCpu()), "");
    lines.add(
        String.format(
            Locale.ROOT,
            "    %,d frames, %,d of them read by tshark: %s",
            reading.frames(),
            reading.tsharkFrames(),
            reading.why()));
  }

  private void line(String name, String wall, String cpu, String tshark) {
    lines.add(
        String.format(Locale.ROOT, "%-38s %9s %9s %9s", name, wall, cpu, tshark).stripTrailing());
  }

  private static String seconds(Optional<Duration> time) {
    return time.map(TimingsText::seconds).orElse("");
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.2f", time.toNanos() / 1e9);
  }
}
