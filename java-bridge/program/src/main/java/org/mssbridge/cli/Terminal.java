package org.mssbridge.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mssbridge.output.OutputException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What commands share in dealing with standard output, and with places for other outputs. */
final class Terminal {
  private Terminal() {}

  /** The launcher tells what its streams are; Java cannot tell of one stream alone. */
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
   * Complains of two options that name the same file.
   *
   * @param files by the options that name them
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
