package org.mssbridge.cli;

import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Printable;
import org.mssbridge.pipeline.Shutdown;
import picocli.CommandLine;

/**
 * Reports failures on standard error: one line each, with a stack trace only if the environment
 * asks for it.
 */
public final class Complaints implements Thread.UncaughtExceptionHandler {
  private final PrintWriter err;
  private final boolean isTraced;

  public Complaints(PrintWriter err, boolean isTraced) {
    this.err = err;
    this.isTraced = isTraced;
  }

  /** Reports a wrong command line. */
  public int ofUsage(CommandLine.ParameterException failure, String[] arguments) {
    say(UsageWords.of(failure), failure);
    return Main.USAGE;
  }

  /** Reports that a command failed; silent if it failed because the program is interrupted. */
  public int ofExecution(Exception failure, CommandLine line, CommandLine.ParseResult arguments) {
    if (Shutdown.isUnderWay()) {
      return Main.INTERRUPTED;
    }
    String words = failure instanceof RuntimeException ? faultOf(failure) : wordsOf(failure);
    say(words.lines().findFirst().orElse(words), failure);
    return Main.UNUSABLE;
  }

  /** Reports a name that reached Java changed. */
  public int ofName(String name) {
    err.println(
        "mssbridge: "
            + Printable.of(name)
            + ": is not text in the encoding of this system ("
            + System.getProperty("sun.jnu.encoding")
            + "); rename the file or folder");
    return Main.UNUSABLE;
  }

  /**
   * Reports outputs that could not be written; silent if the program is interrupted.
   *
   * @return the exit status
   */
  public int ofOutputs(List<? extends Exception> failures) {
    if (Shutdown.isUnderWay()) {
      return Main.INTERRUPTED;
    }
    Set<String> said = new HashSet<>(); // One case that cannot be read keeps all outputs back.
    for (Exception failure : failures) {
      if (said.add(wordsOf(failure))) {
        say(wordsOf(failure), failure);
      }
    }
    return Main.UNUSABLE;
  }

  /** Reports that standard output could not be written; silent if its reader has gone. */
  public int ofStandardOutput() {
    if (Terminal.isPipe("stdout")) {
      return Main.UNREAD;
    }
    err.println(
        "mssbridge: standard output cannot be written; free some space, or write it elsewhere");
    return Main.UNUSABLE;
  }

  /** Reports a failure of the program itself. */
  public int of(Throwable failure) {
    say(
        failure instanceof OutOfMemoryError
            ? "these captures need more memory: give it some, as in MSSBRIDGE_OPTS=-Xmx4g"
            : faultOf(failure),
        failure);
    return Main.UNUSABLE;
  }

  /** Reports the failure of a thread that no other thread waits for. */
  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    if (!Shutdown.isUnderWay()) {
      of(failure);
    }
  }

  private void say(String words, Throwable failure) {
    err.println("mssbridge: " + words);
    trace(failure);
  }

  /**
   * Prints the stack trace of a failure that is reported elsewhere, if the environment asks for it.
   */
  public void trace(Throwable failure) {
    if (isTraced) {
      failure.printStackTrace(err);
    }
  }

  private static String wordsOf(Throwable failure) {
    if (failure instanceof FileSystemException e && e.getFile() != null) {
      return Printable.of(e.getFile()) + ": " + FileTrouble.reason(e);
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  /** The message for a bug of this program, with the place in its code. */
  private static String faultOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    StackTraceElement[] trace = root.getStackTrace();
    return "internal error, please report it: "
        + Printable.of(root.toString())
        + (trace.length == 0 ? "" : " in " + trace[0]);
  }
}
