package org.mssbridge.pages;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The completion of bash, which picocli writes. */
final class BashCompletion {
  private BashCompletion() {}

  static String of(CommandLine line) {
    line.getSubcommands().values().forEach(each -> name(each.getCommandSpec()));
    // It is read by a shell, not run.
    return AutoComplete.bash(line.getCommandName(), line).replaceFirst("^#!.*\\R", "");
  }

  /** Gives arguments the words that a person types, where picocli would offer others or none. */
  private static void name(CommandSpec spec) {
    for (OptionSpec option : List.copyOf(spec.options())) {
      List<String> words = Program.words(option, spec);
      if (!words.equals(Program.candidates(option))) {
        spec.remove(option);
        spec.addOption(OptionSpec.builder(option).completionCandidates(words).build());
      }
    }
    for (PositionalParamSpec each : List.copyOf(spec.positionalParameters())) {
      List<String> words = Program.words(each, spec);
      if (!words.equals(Program.candidates(each))) {
        spec.remove(each);
        spec.addPositional(PositionalParamSpec.builder(each).completionCandidates(words).build());
      }
    }
  }
}
