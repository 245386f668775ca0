package org.mssbridge.spark;

import org.mssbridge.model.Printable;

/** An executor cannot compare captures; the message is one line that names its host. */
final class UnusableExecutorException extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableExecutorException(String host, String reason) {
    super("executor on " + Printable.of(host) + ": " + reason);
  }

  private UnusableExecutorException(String message) {
    super(message);
  }

  /** The same, of which the driver got the message. */
  static UnusableExecutorException of(String message) {
    return new UnusableExecutorException(message);
  }
}
