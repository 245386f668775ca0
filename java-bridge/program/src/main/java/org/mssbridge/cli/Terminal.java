package org.mssbridge.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
  static boolean isColourful() {
    return isTerminal("stdout")
        && System.getenv("NO_COLOR") == null
        && !"dumb".equals(System.getenv("TERM"));
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
   * @param files in the order of the options; null where one is not given
   */
  static void checkApart(CommandSpec spec, List<String> options, Path... files) {
    for (int i = 0; i < files.length; i++) {
      for (int j = i + 1; j < files.length; j++) {
        if (files[i] != null && files[j] != null && isSamePlace(files[i], files[j])) {
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
