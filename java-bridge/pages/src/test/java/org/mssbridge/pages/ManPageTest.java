package org.mssbridge.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.Main;
import org.mssbridge.pages.Program.Argument;
import org.mssbridge.pages.Program.Command;

/** The man pages, as groff and mandoc read them. */
class ManPageTest {
  @TempDir private static Path folder;
  private static List<Path> pages;

  @BeforeAll
  static void write() throws IOException {
    Tool.writeFiles(folder);
    try (var files = Files.list(folder.resolve("man"))) {
      pages = files.sorted().toList();
    }
  }

  @Test
  void everyCommandHasAPageWithAllItsOptions() throws Exception {
    Program program = Program.of(Main.commandLine());
    assertThat(pages).hasSize(program.commands().size() + 1);
    for (Command command : program.commands()) {
      String shown = shown("man/mssbridge-" + command.name() + ".1");
      for (Argument option : command.options()) {
        assertThat(shown).contains(option.names());
      }
      assertThat(shown)
          .contains("NAME", "SYNOPSIS", "EXIT STATUS", "EXAMPLES", "mssbridge(1)")
          .contains(command.description().replaceFirst("^\\S+ (\\S+) .*", "$1"))
          .doesNotContain("${", "%n", "\\f");
    }
  }

  private static String shown(String page) throws IOException, InterruptedException {
    // Each letter that is bold is printed twice by a terminal of paper.
    return Tool.run(folder, "mandoc", "-Tutf8", "-Owidth=200", page).replaceAll(".\b", "");
  }

  @Test
  void readersHaveNoComplaint() throws Exception {
    for (Path page : pages) {
      assertThat(Tool.run(folder, "groff", "-ww", "-man", "-Tutf8", "-z", page.toString()))
          .as(page.toString())
          .isEmpty();
      assertThat(Tool.run(folder, "mandoc", "-Tlint", page.toString()))
          .as(page.toString())
          .isEmpty();
    }
  }

  @Test
  void textOfAnyKindIsText() throws Exception {
    Program.Command odd =
        new Program.Command(
            "odd",
            "Says .so /etc/passwd and \\fBmore\\fR. 'tis \"so\": a~b^c`d …",
            List.of(),
            List.of(),
            Map.of(),
            List.of(".sy touch x", "'x' \\e -- y"));
    Program program = new Program(odd, List.of(odd));
    Path page = folder.resolve("odd.1");
    Files.writeString(page, new ManPage(program, "1", LocalDate.EPOCH).of(odd));
    assertThat(Tool.run(folder, "mandoc", "-Tlint", "-Werror", page.toString())).isEmpty();
    assertThat(shown("odd.1").replaceAll("\\s+", " "))
        .contains("Says .so /etc/passwd and \\fBmore\\fR. 'tis \"so\": a~b^c`d …")
        .contains(".sy touch x 'x' \\e -- y");
  }

  /** What the launcher and the program read from the environment is on the page. */
  @Test
  void everyVariableOfTheLauncherIsNamed() throws Exception {
    Path launcher = Path.of(System.getProperty("mssbridge.root"), "plugin/bin/mssbridge");
    TreeSet<String> named =
        Pattern.compile("\\$\\{?(MSSBRIDGE_[A-Z]+|XDG_[A-Z_]+|TMPDIR|JAVA_HOME)")
            .matcher(Files.readString(launcher))
            .results()
            .map((MatchResult found) -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).hasSizeGreaterThan(4);
    assertThat(shown("man/mssbridge.1")).contains(named).contains("NO_COLOR", "SOURCE_DATE_EPOCH");
  }
}
