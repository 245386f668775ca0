package org.mssbridge.casefile;

/** A case file cannot be used; the message is one line that names it and the way out. */
public final class CaseFileException extends Exception {
  private static final long serialVersionUID = 1L;

  CaseFileException(String message) {
    super(message);
  }

  CaseFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
