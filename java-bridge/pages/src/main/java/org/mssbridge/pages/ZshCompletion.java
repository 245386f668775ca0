package org.mssbridge.pages;

import java.util.List;
import org.mssbridge.pages.Program.Argument;
import org.mssbridge.pages.Program.Command;
import org.mssbridge.pages.Program.Value;

/** The completion of zsh, with the specifications of its function {@code _arguments}. */
final class ZshCompletion {
  private final StringBuilder script = new StringBuilder();

  private ZshCompletion() {}

  static String of(Program program) {
    String name = program.name();
    ZshCompletion zsh = new ZshCompletion();
    zsh.line("#compdef " + name);
    zsh.line("# Completion of zsh for " + name + ".");
    zsh.line("");
    zsh.line("_" + name + "() {");
    zsh.line("  local curcontext=$curcontext state line");
    zsh.line("  local -a commands");
    zsh.line("  typeset -A opt_args");
    zsh.line("  commands=(");
    for (Command command : program.commands()) {
      zsh.line("    " + quoted(command.name() + ":" + command.description().replace(":", "\\:")));
    }
    zsh.line("  )");
    zsh.line("  _arguments -C \\");
    zsh.specifications("    ", program.main());
    zsh.line("    '1:command:->command' '*::argument:->argument' && return");
    zsh.line("  case $state in");
    zsh.line("    command) _describe -t commands command commands ;;");
    zsh.line("    argument)");
    zsh.line("      case $line[1] in");
    for (Command command : program.commands()) {
      zsh.line("        " + command.name() + ")");
      zsh.line("          _arguments -s \\");
      zsh.specifications("            ", command);
      zsh.line("            ;;");
    }
    zsh.line("      esac");
    zsh.line("      ;;");
    zsh.line("  esac");
    zsh.line("}");
    zsh.line("");
    zsh.line("_" + name + " \"$@\"");
    return zsh.script.toString();
  }

  private void line(String line) {
    script.append(line).append('\n');
  }

  /** One on a line; what comes after them is on a line of its own. */
  private void specifications(String indent, Command command) {
    for (Argument option : command.options()) {
      option.names().forEach(name -> line(indent + quoted(option(name, option)) + " \\"));
    }
    int position = 1;
    for (Argument positional : command.positionals()) {
      String place = positional.isRepeatable() ? "*" : String.valueOf(position++);
      line(
          indent
              + quoted(
                  place + ":" + positional.label().replace(":", "\\:") + ":" + action(positional))
              + " \\");
    }
    if (!indent.equals("    ")) {
      line(indent + "&& return");
    }
  }

  private static String option(String name, Argument option) {
    String description = option.description().replaceAll("([\\[\\]:])", "\\\\$1");
    String others = String.join(" ", option.names());
    StringBuilder text = new StringBuilder();
    text.append(option.isRepeatable() ? "*" : "(" + others + ")").append(name);
    if (option.value() == Value.NONE) {
      return text.append('[').append(description).append(']').toString();
    }
    return text.append(name.startsWith("--") ? "=" : "")
        .append('[')
        .append(description)
        .append("]:")
        .append(option.label().replace(":", "\\:"))
        .append(':')
        .append(action(option))
        .toString();
  }

  private static String action(Argument argument) {
    List<String> words = argument.words();
    return switch (argument.value()) {
      case WORD ->
          argument.separator().isEmpty()
              ? "(" + String.join(" ", words) + ")"
              : "_sequence -s " + argument.separator() + " compadd - " + String.join(" ", words);
      case FILE -> "_files";
      case FOLDER -> "_files -/";
      case NONE, OTHER -> " ";
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
