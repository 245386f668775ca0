package org.mssbridge.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mssbridge.output.OutputException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Helpers of commands for standard output and for the paths of other outputs. */
final class Terminal {
  private Terminal() {}

  /**
   * Whether a standard stream is a terminal. The launcher passes this on: Java cannot check one
   * stream.
   */
  static boolean isTerminal(String stream) {
    return "terminal".equals(System.getProperty("mssbridge." + stream));
  }

  /** Whether a report on standard output may be coloured. */
  static boolean isColourful(Environment environment) {
    return isTerminal("stdout") && environment.allowsColour();
  }

  /** Prints a report on standard output. */
  static void print(String text, CommandSpec spec) throws OutputException {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    if (out.checkError()) {
      throw new OutputException(
          "standard output cannot be written: its disk is full, or its reader has gone");
    }
  }

  /**
   * Rejects two options that name the same file.
   *
   * @param files the output files, by option
   */
  static void checkApart(CommandSpec spec, Map<String, Path> files) {
    List<String> options = List.copyOf(files.keySet());
    for (int i = 0; i < options.size(); i++) {
      for (int j = i + 1; j < options.size(); j++) {
        if (isSamePlace(files.get(options.get(i)), files.get(options.get(j)))) {
          throw new CommandLine.ParameterException(
              spec.commandLine(),
              options.get(i) + " and " + options.get(j) + " name the same file");
        }
      }
    }
  }

  private static boolean isSamePlace(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }
}
