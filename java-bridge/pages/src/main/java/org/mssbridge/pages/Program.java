package org.mssbridge.pages;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The command line of a program, as pages and completions need it.
 *
 * @param main what can be said without a command
 * @param commands in the order of the help
 */
record Program(Command main, List<Command> commands) {
  /** What the value of an argument is. */
  enum Value {
    /** There is none: a flag. */
    NONE,
    /** One of few words, which are known. */
    WORD,
    FILE,
    FOLDER,
    OTHER
  }

  /**
   * A command.
   *
   * @param exitStatuses what each status means
   * @param examples lines as in the help
   */
  record Command(
      String name,
      String description,
      List<Argument> options,
      List<Argument> positionals,
      Map<String, String> exitStatuses,
      List<String> examples) {}

  /**
   * An option, or an argument without a name.
   *
   * @param names short ones first, with hyphens; empty of an argument without a name
   * @param label what stands for the value in the help
   * @param words what the value can be, if it is one of few
   * @param isRequired whether the command does nothing without it
   * @param isRepeatable whether it can be given several times
   * @param separator between several values in one; empty if it takes one
   */
  record Argument(
      List<String> names,
      String label,
      String description,
      Value value,
      List<String> words,
      boolean isRequired,
      boolean isRepeatable,
      String separator) {
    /** The form for a person, such as --json. */
    String longestName() {
      return names.get(names.size() - 1);
    }
  }

  static Program of(CommandLine line) {
    List<Command> commands =
        line.getSubcommands().values().stream()
            .map(each -> command(each.getCommandSpec()))
            .toList();
    return new Program(command(line.getCommandSpec()), commands);
  }

  String name() {
    return main.name();
  }

  private static Command command(CommandSpec spec) {
    return new Command(
        spec.name(),
        text(spec.usageMessage().description()),
        spec.options().stream()
            .filter(option -> !option.hidden())
            .sorted((a, b) -> a.longestName().compareTo(b.longestName()))
            .map(option -> argument(option, List.of(option.names()), spec))
            .toList(),
        spec.positionalParameters().stream()
            .filter(each -> !each.hidden())
            .map(each -> argument(each, List.of(), spec))
            .toList(),
        spec.usageMessage().exitCodeList(),
        Stream.of(spec.usageMessage().footer()).map(String::strip).toList());
  }

  private static Argument argument(ArgSpec arg, List<String> names, CommandSpec spec) {
    List<String> words = words(arg, spec);
    return new Argument(
        names.stream().sorted((a, b) -> a.length() - b.length()).toList(),
        arg.paramLabel(),
        text(arg.description()),
        value(arg, words),
        words,
        arg.required(),
        arg.isMultiValue(),
        arg.splitRegex());
  }

  /** The words that a value can be: those of the option, and the commands for help. */
  static List<String> words(ArgSpec arg, CommandSpec spec) {
    if (arg.isPositional() && spec.helpCommand()) {
      return List.copyOf(spec.parent().subcommands().keySet());
    }
    // The program takes any case; the help has small letters.
    return candidates(arg).stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
  }

  /** What picocli would offer, such as the names of constants. */
  static List<String> candidates(ArgSpec arg) {
    return arg.completionCandidates() == null
        ? List.of()
        : StreamSupport.stream(arg.completionCandidates().spliterator(), false).toList();
  }

  private static Value value(ArgSpec arg, List<String> words) {
    boolean isPath =
        Stream.of(arg.typeInfo().getAuxiliaryTypes())
            .anyMatch(type -> type == Path.class || type == File.class);
    if (arg instanceof OptionSpec option && option.arity().max() == 0) {
      return Value.NONE;
    }
    if (!words.isEmpty()) {
      return Value.WORD;
    }
    if (arg.paramLabel().equals("DIR") || arg.paramLabel().equals("FOLDER")) {
      return Value.FOLDER;
    }
    return isPath || arg.paramLabel().equals("PATH") ? Value.FILE : Value.OTHER;
  }

  private static String text(String[] lines) {
    return String.format(String.join(" ", lines)).strip();
  }
}
