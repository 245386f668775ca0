package org.mssbridge.output;

import java.io.IOException;

/**
 * An output could not be made. The message is one line for the user: it names the file, what is
 * wrong with it and the way out; it holds no raw byte of a file name or of a capture. Nothing was
 * left behind at the output's place.
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
