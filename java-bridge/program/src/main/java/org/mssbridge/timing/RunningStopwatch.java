package org.mssbridge.timing;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Measures a run from the start of the JVM on. */
public final class RunningStopwatch implements Stopwatch {
  private final CpuClock clock;

  /** The one of the batch, if this is for a pair. */
  private final Optional<RunningStopwatch> batch;

  private final Optional<Duration> childrenBefore;
  private final Map<Place, Lap> laps = new LinkedHashMap<>();
  private final Map<String, Lap> rules = new LinkedHashMap<>();
  private final Map<String, Reading> readings = new LinkedHashMap<>();
  private int pairs;

  /** Empty between stages. */
  private Optional<Place> current = Optional.empty();

  private long enteredNanos;
  private Optional<Duration> enteredCpu = Optional.empty();

  /** Where a run is. */
  private record Place(Stage stage, String part) {}

  private RunningStopwatch(CpuClock clock, Optional<RunningStopwatch> batch) {
    this.clock = clock;
    this.batch = batch;
    childrenBefore = clock.children();
  }

  /** Starts one; what came before, since the JVM was started, belongs to its first stage. */
  public static RunningStopwatch started() {
    CpuClock clock = new CpuClock();
    RunningStopwatch stopwatch = new RunningStopwatch(clock, Optional.empty());
    stopwatch.add(new Lap(Stage.STARTING, "", clock.uptime(), clock.jvm()));
    stopwatch.enter(Stage.STARTING);
    return stopwatch;
  }

  @Override
  public synchronized void enter(Stage stage, String part) {
    endLap();
    current = Optional.of(new Place(stage, part));
  }

  @Override
  public void stop() {
    synchronized (this) {
      endLap();
      current = Optional.empty();
    }
    batch.ifPresent(whole -> whole.add(this));
  }

  private void endLap() {
    long nowNanos = System.nanoTime();
    // Pairs run side by side: the JVM's CPU time is not that of one of them.
    Optional<Duration> nowCpu = batch.isPresent() ? Optional.empty() : clock.jvm();
    if (current.isPresent()) {
      Duration wall = Duration.ofNanos(nowNanos - enteredNanos);
      Optional<Duration> before = enteredCpu;
      Optional<Duration> cpu = nowCpu.flatMap(now -> before.map(now::minus));
      add(new Lap(current.get().stage(), current.get().part(), wall, cpu));
    }
    enteredNanos = nowNanos;
    enteredCpu = nowCpu;
  }

  private void add(Lap lap) {
    laps.merge(new Place(lap.stage(), lap.part()), lap, Lap::plus);
  }

  private synchronized void add(RunningStopwatch pair) {
    pairs++;
    pair.laps.values().forEach(this::add);
    pair.rules.values().forEach(this::addRule);
    pair.readings.values().forEach(this::add);
  }

  private synchronized void addRule(Lap lap) {
    rules.merge(lap.part(), lap, Lap::plus);
  }

  @Override
  public <T> T rule(String code, Supplier<T> rule) {
    Optional<Duration> cpuBefore = clock.thread();
    long beganNanos = System.nanoTime();
    T result = rule.get();
    Duration wall = Duration.ofNanos(System.nanoTime() - beganNanos);
    Optional<Duration> cpu = clock.thread().flatMap(now -> cpuBefore.map(now::minus));
    addRule(new Lap(Stage.RULES, code, wall, cpu));
    return result;
  }

  @Override
  public synchronized void add(Reading reading) {
    readings.merge(reading.point(), reading, Reading::plus);
  }

  @Override
  public boolean isRunning() {
    return true;
  }

  @Override
  public Stopwatch forPair() {
    return new RunningStopwatch(clock, Optional.of(this));
  }

  /** Where the time went until now. */
  public synchronized Timings timings() {
    Optional<Duration> children = clock.children();
    return new Timings(
        laps.values().stream().sorted(Comparator.comparing(Lap::stage)).toList(),
        rules.values().stream().sorted(Comparator.comparing(Lap::wall).reversed()).toList(),
        readings.values().stream().sorted(Comparator.comparing(Reading::point)).toList(),
        new Timings.Total(
            clock.uptime(),
            clock.jvm(),
            children.flatMap(now -> childrenBefore.map(now::minus)),
            clock.compilation(),
            clock.collection()),
        pairs);
  }
}
