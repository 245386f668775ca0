package org.mssbridge.timing;

import java.util.function.Supplier;

/** Measures the stages of a run. */
public interface Stopwatch {
  /** The run has come to a stage, and is done with the one before. */
  default void enter(Stage stage) {
    enter(stage, "");
  }

  /** The run has come to a part of a stage, and is done with what was before. */
  void enter(Stage stage, String part);

  /** The run is done with its current stage, and comes to no other. */
  void stop();

  /** Runs a rule, on any thread. */
  <T> T rule(String code, Supplier<T> rule);

  /** A capture was read, on any thread. */
  void add(Reading reading);

  /** Whether it measures anything; if not, nothing has to be prepared. */
  boolean isRunning();

  /** One for a pair of a batch, which goes through the stages beside other pairs. */
  Stopwatch forPair();

  /** Measures nothing. */
  static Stopwatch none() {
    return new Stopwatch() {
      @Override
      public void enter(Stage stage, String part) {}

      @Override
      public void stop() {}

      @Override
      public <T> T rule(String code, Supplier<T> rule) {
        return rule.get();
      }

      @Override
      public void add(Reading reading) {}

      @Override
      public boolean isRunning() {
        return false;
      }

      @Override
      public Stopwatch forPair() {
        return this;
      }
    };
  }
}
