package org.mssbridge.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs commands and measures what they cost. */
final class Meter {
  private static final double NANOS = 1e9;

  /** Looking at processes costs time, too: it takes at most about a fiftieth of a run. */
  private static final int SAMPLES = 50;

  private static final long MIN_SAMPLE_MILLIS = 10;
  private static final long MAX_SAMPLE_MILLIS = 250;

  private final Path folder;
  private final long limitSeconds;

  /**
   * @param folder for its own files
   * @param limitSeconds when a run is ended as too slow
   */
  Meter(Path folder, long limitSeconds) {
    this.folder = folder;
    this.limitSeconds = limitSeconds;
  }

  /** The run with the median wall time. */
  Cost median(int runs, List<List<String>> commands) throws IOException, InterruptedException {
    List<Cost> costs = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      costs.add(measure(commands));
    }
    costs.sort(Comparator.comparingDouble(Cost::wallSeconds));
    return costs.get(runs / 2);
  }

  /** Runs commands at once until all end. */
  Cost measure(List<List<String>> commands) throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    List<Path> times = new ArrayList<>();
    long startedNanos = System.nanoTime();
    for (List<String> command : commands) {
      Path time = Files.createTempFile(folder, "time", "");
      List<String> timed =
          new ArrayList<>(List.of("/usr/bin/time", "-o", time.toString(), "-f", "%U %S"));
      timed.addAll(command);
      ProcessBuilder builder = new ProcessBuilder(timed);
      builder.environment().put("LC_ALL", "C.UTF-8");
      builder.environment().put("WIRESHARK_CONFIG_DIR", folder.toString());
      builder.redirectInput(new File("/dev/null"));
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.redirectError(complaints().toFile());
      times.add(time);
      processes.add(builder.start());
    }
    long peakKib = 0;
    long elapsedMillis = 0;
    boolean tooSlow = false;
    while (processes.stream().anyMatch(Process::isAlive)) {
      long kib = 0;
      for (Process process : processes) {
        kib += descendantsKib(Long.toString(process.pid()));
      }
      peakKib = Math.max(peakKib, kib);
      elapsedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
      if (elapsedMillis > limitSeconds * 1000 && !tooSlow) {
        tooSlow = true;
        processes.forEach(process -> process.descendants().forEach(ProcessHandle::destroy));
      }
      long pauseMillis =
          Math.max(MIN_SAMPLE_MILLIS, Math.min(MAX_SAMPLE_MILLIS, elapsedMillis / SAMPLES));
      for (Process process : processes) {
        if (process.isAlive()) {
          process.waitFor(pauseMillis, TimeUnit.MILLISECONDS);
          break;
        }
      }
    }
    double wallSeconds = (System.nanoTime() - startedNanos) / NANOS;
    boolean failed = false;
    for (Process process : processes) {
      failed |= process.waitFor() != 0;
    }
    double cpuSeconds = 0;
    for (Path time : times) {
      List<String> lines = Files.readAllLines(time);
      for (String seconds : lines.get(lines.size() - 1).split(" ", -1)) {
        cpuSeconds += Double.parseDouble(seconds);
      }
      Files.delete(time);
    }
    if (failed && !tooSlow) {
      complained().stream().limit(5).forEach(System.err::println);
    }
    Cost.State state = tooSlow ? Cost.State.TOO_SLOW : failed ? Cost.State.FAILED : Cost.State.DONE;
    return new Cost(wallSeconds, cpuSeconds, peakKib >> 10, state);
  }

  /** What the last run wrote to standard error. */
  List<String> complained() throws IOException {
    return Files.readAllLines(complaints());
  }

  private Path complaints() {
    return folder.resolve("stderr");
  }

  private static long descendantsKib(String process) {
    long kib = 0;
    Path threads = Path.of("/proc", process, "task");
    try (Stream<Path> each = Files.list(threads)) {
      for (Path thread : each.toList()) {
        for (String child : Files.readString(thread.resolve("children")).split(" ", -1)) {
          if (!child.isEmpty()) {
            kib += residentKib(child) + descendantsKib(child);
          }
        }
      }
    } catch (IOException e) {
      return kib; // The process has just ended.
    }
    return kib;
  }

  private static long residentKib(String process) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", process, "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }
}
