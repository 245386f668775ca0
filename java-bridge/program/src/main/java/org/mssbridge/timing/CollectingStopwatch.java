package org.mssbridge.timing;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A stopwatch that has Java collect, between stages, what the stage before has left, where that is
 * much. The serial collector lets its old generation grow to the largest size before it looks for
 * what is dead there: of a SYN flood it would keep three times what lives, and memory that is new
 * costs more than memory that is used again.
 */
public final class CollectingStopwatch implements Stopwatch {
  /** Those before which large tables die: of reading, of pairing, of evidence. */
  private static final Set<Stage> AFTER_MUCH =
      EnumSet.of(Stage.PAIRING, Stage.ALIGNMENT, Stage.RULES);

  /** Below this share of the heap that Java starts with, a collection costs more than it saves. */
  private static final double LEAST_SHARE = 2 / 3.0;

  /** Java's name for the serial collector of old objects. */
  private static final String OLD_OF_SERIAL = "MarkSweepCompact";

  private final Stopwatch watch;

  /**
   * Beside what another stopwatch does.
   *
   * @param watch measures, collections included
   */
  public CollectingStopwatch(Stopwatch watch) {
    this.watch = watch;
  }

  @Override
  public void enter(Stage stage, String part) {
    if (AFTER_MUCH.contains(stage)) {
      collect();
    }
    watch.enter(stage, part);
  }

  private static void collect() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    if (heap.getUsed() > LEAST_SHARE * heap.getInit() && isSerial()) {
      System.gc();
    }
  }

  /** Other collectors look for what is dead while the heap grows. */
  private static boolean isSerial() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .anyMatch(collector -> collector.getName().equals(OLD_OF_SERIAL));
  }

  @Override
  public void stop() {
    watch.stop();
  }

  @Override
  public <T> T rule(String code, Supplier<T> rule) {
    return watch.rule(code, rule);
  }

  @Override
  public void add(Reading reading) {
    watch.add(reading);
  }

  @Override
  public boolean isRunning() {
    return watch.isRunning();
  }

  /** Pairs of a batch are small, and go through the stages beside others: they only measure. */
  @Override
  public Stopwatch forPair() {
    return watch.forPair();
  }
}
