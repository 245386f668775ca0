package org.mssbridge.diff;

/** A file is no report; the message is one line that names the file and what to do. */
public final class UnreadableReportException extends Exception {
  private static final long serialVersionUID = 1;

  UnreadableReportException(String message, Throwable cause) {
    super(message, cause);
  }
}
