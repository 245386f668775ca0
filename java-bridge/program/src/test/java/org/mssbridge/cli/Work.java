package org.mssbridge.cli;

import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;

/** The counter that {@link CountedProgram} puts into the program; public because that calls it. */
public final class Work {
  private static final LongAdder STEPS = new LongAdder();

  private Work() {}

  /** Counts the entry of a method, or one more round of a loop. */
  public static void step() {
    STEPS.increment();
  }

  /** Counts the elements that the JDK walks through in one call. */
  public static void walk(Object collection) {
    if (collection instanceof Collection<?> elements) {
      STEPS.add(elements.size());
    }
  }

  static long steps() {
    return STEPS.sum();
  }
}
