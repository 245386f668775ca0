package org.mssbridge.cli;

import java.util.ArrayList;
import java.util.List;
import org.mssbridge.model.Printable;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in one line: what, perhaps what was meant, and the help. */
final class UsageWords {
  private UsageWords() {}

  static String of(ParameterException failure) {
    CommandSpec command = failure.getCommandLine().getCommandSpec();
    String words = fault(failure, command).replaceFirst("\\.$", "");
    return words + (words.endsWith("?") ? " See " : "; see ") + command.qualifiedName() + " --help";
  }

  private static String fault(ParameterException failure, CommandSpec command) {
    if (failure instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched.getUnmatched().get(0), command);
    }
    if (failure instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return missing(missing.getMissing().get(0), command);
    }
    if (failure.getCause() instanceof TypeConversionException unread
        && failure.getArgSpec() != null) {
      return name(failure.getArgSpec()) + ": " + unread.getMessage();
    }
    return Printable.of(String.valueOf(failure.getMessage()));
  }

  /** An argument that is required, or the value of an option. */
  private static String missing(ArgSpec wanted, CommandSpec command) {
    if (wanted.isPositional()) {
      return command.userObject() instanceof CompareCommand
          ? CompareCommand.NEEDS_TWO
          : wanted.paramLabel() + " is missing";
    }
    return name(wanted) + ": " + wanted.paramLabel() + " is missing";
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static String unmatched(String typed, CommandSpec command) {
    String shown = Printable.of(typed);
    if (typed.startsWith("-")) {
      String option = typed.replaceFirst("=.*", "");
      return Printable.of(option)
          + ": no such option"
          + Suggestion.question(option, List.copyOf(command.optionsMap().keySet()));
    }
    if (command.parent() == null) {
      List<String> commands = new ArrayList<>(command.subcommands().keySet());
      String question = Suggestion.question(typed, commands);
      return shown
          + ": no such command"
          + (question.isEmpty()
              ? "; name one first, as in mssbridge compare CLIENT.pcap SERVER.pcap"
              : question);
    }
    return shown
        + ": one argument too many"
        + (command.userObject() instanceof InspectCommand
            ? "; several captures are for mssbridge compare"
            : "");
  }
}
