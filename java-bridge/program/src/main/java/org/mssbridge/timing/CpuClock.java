package org.mssbridge.timing;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The CPU time of this JVM and of the programs that it started. */
final class CpuClock {
  /** USER_HZ, which Linux shows to programs on every machine. */
  private static final long TICK_MILLIS = 10;

  /** Places in proc(5)'s stat, after the name, which ends with the last parenthesis. */
  private static final int CHILDREN_USER = 13;

  private static final int CHILDREN_SYSTEM = 14;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  /** Of the whole JVM since its start; empty where it is not known. */
  Optional<Duration> jvm() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      return positive(system.getProcessCpuTime());
    }
    return Optional.empty();
  }

  /** Of the current thread; empty where it is not known. */
  Optional<Duration> thread() {
    return threads.isCurrentThreadCpuTimeSupported()
        ? positive(threads.getCurrentThreadCpuTime())
        : Optional.empty();
  }

  /** Of all programs that it started and that have ended; empty elsewhere than on Linux. */
  Optional<Duration> children() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      long ticks =
          Long.parseLong(fields.get(CHILDREN_USER)) + Long.parseLong(fields.get(CHILDREN_SYSTEM));
      return Optional.of(Duration.ofMillis(ticks * TICK_MILLIS));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** How long the JVM has been running. */
  Duration uptime() {
    return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
  }

  /** How long the JVM's compiler worked, all its threads together; empty where it is not known. */
  Optional<Duration> compilation() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    return compiler != null && compiler.isCompilationTimeMonitoringSupported()
        ? Optional.of(Duration.ofMillis(compiler.getTotalCompilationTime()))
        : Optional.empty();
  }

  /** How long the JVM collected garbage, by the clock. */
  Duration collection() {
    return Duration.ofMillis(
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .filter(millis -> millis > 0)
            .sum());
  }

  private static Optional<Duration> positive(long nanos) {
    return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
  }
}
