package org.mssbridge.mcp;

import java.io.PrintWriter;
import java.util.List;

/** Runs a command of the program in this JVM. */
public interface CommandRunner {
  /**
   * Runs it to its end.
   *
   * @param words the command and its arguments
   * @param out takes what it prints
   * @param err takes its complaints
   * @return the exit status
   */
  int run(List<String> words, PrintWriter out, PrintWriter err);
}
