package org.mssbridge.tshark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Measures the CPU time of a child process, and of the threads that write and read its streams. */
final class ChildMeter {
  /** Once a child has ended, nothing says what it took: the last look counts. */
  private static final long LOOK_MILLIS = 10;

  /** To find what a child has started, all processes are looked through: that costs more. */
  private static final int LOOKS_FOR_DESCENDANTS = 20;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private volatile Duration feeding = Duration.ZERO;
  private volatile Duration reading = Duration.ZERO;
  private volatile Optional<Duration> child = Optional.empty();

  /** The same writer, measured. */
  Child.InputWriter measuredWriter(Child.InputWriter writer) {
    return (input, heartbeat) -> {
      long before = threadNanos();
      try {
        writer.write(input, heartbeat);
      } finally {
        feeding = Duration.ofNanos(threadNanos() - before);
      }
    };
  }

  /** The same reader, measured. */
  Child.OutputReader measuredReader(Child.OutputReader reader) {
    return (output, heartbeat) -> {
      long before = threadNanos();
      try {
        reader.read(output, heartbeat);
      } finally {
        reading = Duration.ofNanos(threadNanos() - before);
      }
    };
  }

  private long threadNanos() {
    return threads.isCurrentThreadCpuTimeSupported() ? threads.getCurrentThreadCpuTime() : 0;
  }

  /** Looks at a child until it has ended. */
  void watch(ProcessHandle process) {
    Thread thread = new Thread(() -> lookUntilEnd(process), "tshark time");
    thread.setDaemon(true);
    thread.start();
  }

  private void lookUntilEnd(ProcessHandle process) {
    List<ProcessHandle> family = List.of(process);
    try {
      for (int look = 0; process.isAlive(); look++) {
        if (look % LOOKS_FOR_DESCENDANTS == 0) {
          family = Stream.concat(Stream.of(process), process.descendants()).toList();
        }
        Optional<Duration> now = cpu(family);
        if (now.isPresent()) {
          child = now;
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Of a child and of what it started: in a sandbox, that is tshark. */
  private static Optional<Duration> cpu(List<ProcessHandle> family) {
    return family.stream()
        .flatMap(one -> one.info().totalCpuDuration().stream())
        .reduce(Duration::plus);
  }

  ReadCost cost(int frames) {
    return new ReadCost(frames, feeding, reading, child);
  }
}
