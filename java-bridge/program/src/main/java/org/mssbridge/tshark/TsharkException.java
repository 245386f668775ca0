package org.mssbridge.tshark;

/**
 * tshark or a capture could not be used. The message is one line for the user: what is wrong and
 * what to do.
 */
public final class TsharkException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean isEnded;
  private final boolean isInterrupted;

  public TsharkException(String message) {
    this(message, false, false);
  }

  /**
   * @param isEnded whether tshark was killed
   * @param isInterrupted whether Ctrl-C ended the program
   */
  TsharkException(String message, boolean isEnded, boolean isInterrupted) {
    super(message);
    this.isEnded = isEnded;
    this.isInterrupted = isInterrupted;
  }

  public TsharkException(String message, Throwable cause) {
    super(message, cause);
    isEnded = false;
    isInterrupted = false;
  }

  /**
   * Whether tshark was killed, by this program because it was silent or by another; trying again
   * would not help.
   */
  public boolean isEnded() {
    return isEnded;
  }

  /** Whether Ctrl-C ended tshark or one of its tools: that says nothing about the capture. */
  public boolean isInterrupted() {
    return isInterrupted;
  }
}
