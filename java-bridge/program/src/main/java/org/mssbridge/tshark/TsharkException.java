package org.mssbridge.tshark;

/**
 * tshark or a capture could not be used. The message is one line for the user: what is wrong and
 * what to do.
 */
public final class TsharkException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean isEnded;

  public TsharkException(String message) {
    this(message, false);
  }

  /**
   * @param isEnded whether tshark was killed
   */
  TsharkException(String message, boolean isEnded) {
    super(message);
    this.isEnded = isEnded;
  }

  public TsharkException(String message, Throwable cause) {
    super(message, cause);
    isEnded = false;
  }

  /**
   * Whether tshark was killed, by this program because it was silent or by another; trying again
   * would not help.
   */
  public boolean isEnded() {
    return isEnded;
  }
}
