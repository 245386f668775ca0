package org.mssbridge.script;

/** A script that cannot be understood; the message names the line and what was expected. */
public final class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ScriptException(int line, String message) {
    super("line " + line + ": " + message);
  }

  /** The same complaint about a file. */
  ScriptException(java.nio.file.Path file, ScriptException cause) {
    super(file + ": " + cause.getMessage(), cause);
  }
}
