package org.mssbridge.pages;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.mssbridge.pages.Program.Argument;
import org.mssbridge.pages.Program.Command;
import org.mssbridge.pages.Program.Value;

/**
 * The man pages of a program, in section 1.
 *
 * @param date of the release
 */
record ManPage(Program program, String version, LocalDate date) {
  private static final String FALL_BACK = "see mssbridge(1).";

  /** The page of the program: its commands, and what all of them have in common. */
  String ofProgram() {
    Roff roff = begin(program.name(), program.main().description());
    String name = Roff.bold(program.name());
    roff.section("SYNOPSIS")
        .line(name + " " + Roff.italic("COMMAND") + " [" + Roff.italic("OPTION") + "...]")
        .line("[" + Roff.italic("ARGUMENT") + "...]")
        .lineBreak()
        .line(name + " " + Roff.bold("help") + " [" + Roff.italic("COMMAND") + "]");
    roff.section("DESCRIPTION").text(words("description").get(0));
    words("description").stream().skip(1).forEach(each -> roff.paragraph().text(each));
    roff.section("COMMANDS");
    program.commands().forEach(each -> roff.tag(Roff.bold(each.name())).text(each.description()));
    arguments(roff, "OPTIONS", program.main().options());
    exitStatuses(roff, program.main());
    pairs(roff, "ENVIRONMENT");
    pairs(roff, "FILES");
    examples(roff, program.main());
    List<String> others = new ArrayList<>();
    program.commands().forEach(each -> others.add(program.name() + "-" + each.name()));
    return seeAlso(roff, others);
  }

  /** The page of a command. */
  String of(Command command) {
    Roff roff = begin(program.name() + "-" + command.name(), command.description());
    roff.section("SYNOPSIS").line(Roff.bold(program.name() + " " + command.name()));
    roff.line("[" + Roff.italic("OPTION") + "...]");
    command.options().stream()
        .filter(Argument::isRequired)
        .forEach(
            each -> roff.line(Roff.bold(each.longestName()) + "=" + Roff.italic(each.label())));
    command.positionals().forEach(each -> roff.line(positional(each)));
    roff.section("DESCRIPTION").text(command.description());
    arguments(roff, "ARGUMENTS", command.positionals());
    arguments(roff, "OPTIONS", command.options());
    exitStatuses(roff, command);
    roff.section("ENVIRONMENT").text(FALL_BACK);
    roff.section("FILES").text(FALL_BACK);
    examples(roff, command);
    return seeAlso(roff, List.of(program.name()));
  }

  private Roff begin(String name, String description) {
    Roff roff = new Roff();
    roff.title(name.toUpperCase(Locale.ROOT), date, program.name() + " " + version);
    String brief = description.replaceFirst("\\.$", "");
    return roff.section("NAME")
        .text(name + " - " + brief.substring(0, 1).toLowerCase(Locale.ROOT) + brief.substring(1));
  }

  private static String positional(Argument argument) {
    String label = Roff.italic(argument.label()) + (argument.isRepeatable() ? "..." : "");
    return argument.isRequired() ? label : "[" + label + "]";
  }

  private static void arguments(Roff roff, String title, List<Argument> arguments) {
    if (arguments.isEmpty()) {
      return;
    }
    roff.section(title);
    for (Argument argument : arguments) {
      String names = argument.names().stream().map(Roff::bold).collect(joining(", "));
      String value =
          argument.value() == Value.NONE
              ? ""
              : (names.isEmpty() ? "" : "=") + Roff.italic(argument.label());
      roff.tag(names + value).text(sentence(argument.description()));
    }
  }

  private static String sentence(String words) {
    return words.matches(".*[.!?]") ? words : words + ".";
  }

  private static void exitStatuses(Roff roff, Command command) {
    roff.section("EXIT STATUS");
    command
        .exitStatuses()
        .forEach((status, meaning) -> roff.tag(Roff.bold(status)).text(sentence(meaning)));
    if (command.exitStatuses().isEmpty()) {
      roff.text(FALL_BACK);
    }
  }

  private static void examples(Roff roff, Command command) {
    roff.section("EXAMPLES").macro("nf");
    command.examples().forEach(each -> roff.line(Roff.escaped(each)));
    roff.macro("fi");
  }

  private static void pairs(Roff roff, String title) {
    roff.section(title);
    for (String line : words(title.toLowerCase(Locale.ROOT))) {
      int gap = line.indexOf(": ");
      roff.tag(Roff.bold(line.substring(0, gap))).text(line.substring(gap + 2));
    }
  }

  private static String seeAlso(Roff roff, List<String> pages) {
    List<String> all = new ArrayList<>(pages);
    all.addAll(List.of("tshark", "wireshark"));
    Collections.sort(all);
    roff.section("SEE ALSO");
    for (int i = 0; i < all.size(); i++) {
      roff.line(Roff.bold(all.get(i)) + "(1)" + (i + 1 < all.size() ? "," : ""));
    }
    return roff.toString();
  }

  /** The lines of a text of this package. */
  private static List<String> words(String name) {
    try (InputStream text = ManPage.class.getResourceAsStream(name + ".txt")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
