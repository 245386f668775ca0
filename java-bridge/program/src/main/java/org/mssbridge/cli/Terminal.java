package org.mssbridge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputPlaces;
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

  /**
   * Whether a standard stream is a pipe; cannot be written means there that its reader has gone.
   */
  static boolean isPipe(String stream) {
    return "pipe".equals(System.getProperty("mssbridge." + stream));
  }

  /** Whether a report on standard output may be coloured. */
  static boolean isColourful(Environment environment) {
    return isTerminal("stdout") && environment.allowsColour();
  }

  /**
   * Rejects two options that name the same file.
   *
   * @param files what each option writes
   * @throws CommandLine.ParameterException if there are two
   */
  static void checkApart(CommandSpec spec, Map<String, List<Path>> files) {
    OutputPlaces places = new OutputPlaces();
    files.forEach(
        (option, written) ->
            written.forEach(
                file ->
                    places
                        .add(option, file)
                        .ifPresent(
                            before -> {
                              throw new CommandLine.ParameterException(
                                  spec.commandLine(),
                                  before
                                      + " and "
                                      + option
                                      + " name the same file, "
                                      + Printable.of(file));
                            })));
  }
}
