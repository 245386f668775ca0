package org.mssbridge.pages;

import org.mssbridge.pages.Program.Argument;
import org.mssbridge.pages.Program.Command;

/** The completion of fish: a line for each command, option and argument. */
final class FishCompletion {
  private final StringBuilder script = new StringBuilder();
  private final String program;

  private FishCompletion(String program) {
    this.program = program;
  }

  static String of(Program program) {
    FishCompletion fish = new FishCompletion(program.name());
    fish.script.append("# Completion of fish for ").append(program.name()).append(".\n");
    fish.complete("", "-f");
    program.main().options().forEach(each -> fish.argument("__fish_use_subcommand", each));
    for (Command command : program.commands()) {
      fish.complete(
          "__fish_use_subcommand", "-a " + command.name() + " -d " + quoted(command.description()));
    }
    for (Command command : program.commands()) {
      String condition = "__fish_seen_subcommand_from " + command.name();
      command.options().forEach(each -> fish.argument(condition, each));
      command.positionals().forEach(each -> fish.argument(condition, each));
    }
    return fish.script.toString();
  }

  private void complete(String condition, String rest) {
    script.append("complete -c ").append(program);
    if (!condition.isEmpty()) {
      script.append(" -n ").append(quoted(condition));
    }
    script.append(' ').append(rest).append('\n');
  }

  private void argument(String condition, Argument argument) {
    StringBuilder rest = new StringBuilder();
    for (String name : argument.names()) {
      String bare = name.replaceFirst("^-+", "");
      rest.append(name.startsWith("--") ? "-l " : "-s ").append(bare).append(' ');
    }
    boolean isOption = !argument.names().isEmpty();
    String values =
        switch (argument.value()) {
          case NONE -> "";
          case WORD -> (isOption ? "-x " : "") + "-a " + quoted(words(argument));
          case FILE -> isOption ? "-r -F" : "-F";
          case FOLDER -> (isOption ? "-x " : "") + "-a '(__fish_complete_directories)'";
          case OTHER -> isOption ? "-x" : "";
        };
    rest.append(values).append(" -d ").append(quoted(argument.description()));
    if (isOption || !values.isEmpty()) {
      complete(condition, rest.toString().replace("  ", " ").strip());
    }
  }

  /** Several values in one word are offered as a list that grows. */
  private static String words(Argument argument) {
    String words = String.join(" ", argument.words());
    return argument.separator().isEmpty()
        ? words
        : "(__fish_append " + argument.separator() + " " + words + ")";
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
