package org.mssbridge.script;

/** Thrown for a script that cannot be parsed; the message has the line and what was expected. */
public final class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ScriptException(int line, String message) {
    super("line " + line + ": " + message);
  }

  /** The same error with its file. */
  ScriptException(java.nio.file.Path file, ScriptException cause) {
    super(file + ": " + cause.getMessage(), cause);
  }
}
