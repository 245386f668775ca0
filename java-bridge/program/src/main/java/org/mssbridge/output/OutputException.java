package org.mssbridge.output;

import java.io.IOException;

/**
 * An output could not be written. The message is one line for the user: it names the file, what is
 * wrong with it and what to do; it contains no raw bytes of a file name or a capture. No incomplete
 * output was left.
 */
public class OutputException extends IOException {
  private static final long serialVersionUID = 1L;

  public OutputException(String message) {
    super(message);
  }

  public OutputException(String message, Throwable cause) {
    super(message, cause);
  }
}
