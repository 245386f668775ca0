package org.mssbridge.casefile;

/** A case file cannot be used; the message is one line that names the file and what to do. */
public final class CaseFileException extends Exception {
  private static final long serialVersionUID = 1L;

  CaseFileException(String message) {
    super(message);
  }

  CaseFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
