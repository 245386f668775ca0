package org.mssbridge.cli;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputPlaces;
import org.mssbridge.report.TextStyle;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Helpers of commands for standard output and for the paths of other outputs. */
final class Terminal {
  private static final int BAR_COLUMNS = 79;

  private Terminal() {}

  /**
   * Whether a standard stream is a terminal. The launcher passes this on: Java cannot check one
   * stream.
   */
  static boolean isTerminal(String stream) {
    return "terminal".equals(System.getProperty("mssbridge." + stream));
  }

  /**
   * Whether a standard stream is a pipe; cannot be written means there that its reader has gone.
   */
  static boolean isPipe(String stream) {
    return "pipe".equals(System.getProperty("mssbridge." + stream));
  }

  /**
   * A bar on the user's standard error. The library would write to that of the JVM, which the
   * launcher keeps for itself; see {@link Launcher#standardError}.
   */
  static ProgressBarBuilder progressBar(String task) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setStyle(ProgressBarStyle.ASCII)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, BAR_COLUMNS));
  }

  /** Whether a report on standard output may be coloured. */
  private static boolean isColourful(Environment environment) {
    return isTerminal("stdout") && environment.allowsColour();
  }

  /**
   * How a report on standard output looks. The launcher passes on the width of a terminal: Java
   * cannot ask for it.
   */
  static TextStyle style(Environment environment, TextStyle.Detail detail) {
    return new TextStyle(
        isColourful(environment),
        Integer.getInteger("mssbridge.columns", TextStyle.USUAL_COLUMNS),
        detail);
  }

  /** Prints a report on standard output; {@link Main} reports at the end if that fails. */
  static void print(String text, CommandSpec spec) {
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
  }

  /**
   * Rejects two options that name the same file.
   *
   * @param inputs files that are never written to
   * @param files what each option writes
   * @throws CommandLine.ParameterException if there are two
   * @throws OutputException if an option names an input
   */
  static void checkApart(CommandSpec spec, Collection<Path> inputs, Map<String, List<Path>> files)
      throws OutputException {
    OutputPlaces places = new OutputPlaces(inputs);
    for (Map.Entry<String, List<Path>> option : files.entrySet()) {
      for (Path file : option.getValue()) {
        Optional<String> before = places.add(option.getKey(), file);
        if (before.isPresent()) {
          throw new CommandLine.ParameterException(
              spec.commandLine(),
              before.get()
                  + " and "
                  + option.getKey()
                  + " name the same file, "
                  + Printable.of(file));
        }
      }
    }
  }
}
