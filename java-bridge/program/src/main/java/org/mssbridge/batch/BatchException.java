package org.mssbridge.batch;

/** A manifest, pattern or policy cannot be used; the message is one line that says what to do. */
public final class BatchException extends Exception {
  private static final long serialVersionUID = 1L;

  public BatchException(String message) {
    super(message);
  }

  public BatchException(String message, Throwable cause) {
    super(message, cause);
  }
}
