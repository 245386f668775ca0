package org.mssbridge.spark;

import java.io.Serializable;
import java.util.ArrayList;
import org.mssbridge.casefile.PairState;

/**
 * What a task says of its pair.
 *
 * @param number its place among the pairs of the run
 * @param state how it ended; null if nothing was committed
 * @param reason why it was not compared; null if it was
 * @param isReplaced whether it replaced another comparison
 * @param isKept whether an earlier comparison is kept, because the files have the same content
 * @param unwritten why other outputs could not be written
 * @param unusable why this executor cannot compare anything; null if it can
 * @param host where the task ran
 */
record PairResult(
    int number,
    PairState state,
    String reason,
    boolean isReplaced,
    boolean isKept,
    ArrayList<String> unwritten,
    String unusable,
    String host)
    implements Serializable {
  static PairResult unusable(int number, UnusableExecutorException e) {
    return new PairResult(
        number, null, null, false, false, new ArrayList<>(), e.getMessage(), ExecutorTools.host());
  }

  static PairResult kept(int number) {
    return new PairResult(
        number,
        PairState.COMPARED,
        null,
        false,
        true,
        new ArrayList<>(),
        null,
        ExecutorTools.host());
  }

  static PairResult notCommitted(int number, String reason) {
    return new PairResult(
        number, null, reason, false, false, new ArrayList<>(), null, ExecutorTools.host());
  }
}
