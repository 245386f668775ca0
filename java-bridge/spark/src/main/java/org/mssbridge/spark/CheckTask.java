package org.mssbridge.spark;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** Says what an executor works with. */
final class CheckTask extends AbstractFunction2<TaskContext, Iterator<Integer>, CheckTask.Result>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TaskOptions options;

  /**
   * What it works with.
   *
   * @param versions null if it cannot be used
   * @param unusable why not; null if it can
   */
  record Result(ExecutorTools.Versions versions, String unusable) implements Serializable {}

  CheckTask(TaskOptions options) {
    this.options = options;
  }

  @Override
  public Result apply(TaskContext context, Iterator<Integer> slots) {
    try {
      return new Result(ExecutorTools.of(options).versions(), null);
    } catch (UnusableExecutorException e) {
      return new Result(null, e.getMessage());
    }
  }
}
