package org.mssbridge.tshark;

/**
 * tshark or a capture could not be used. The message is one line for the user: what, and what to
 * do.
 */
public final class TsharkException extends Exception {
  private static final long serialVersionUID = 1;

  public TsharkException(String message) {
    super(message);
  }

  public TsharkException(String message, Throwable cause) {
    super(message, cause);
  }
}
