package org.mssbridge.bench;

/**
 * What a run cost, all its processes together.
 *
 * @param peakMib resident memory, sampled
 */
record Cost(double wallSeconds, double cpuSeconds, long peakMib, State state) {
  /** How a run ended. */
  enum State {
    DONE,
    FAILED,

    /** Ended by the benchmark, which waits for no other program for ever. */
    TOO_SLOW
  }

  boolean isDone() {
    return state == State.DONE;
  }
}
