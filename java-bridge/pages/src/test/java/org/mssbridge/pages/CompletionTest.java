package org.mssbridge.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mssbridge.cli.Main;
import org.mssbridge.pages.Program.Argument;
import org.mssbridge.pages.Program.Command;

/** What real shells make of the beginning of a line. */
class CompletionTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void write() throws IOException {
    Tool.writeFiles(folder);
    Files.createDirectories(folder.resolve("captures"));
    Files.createFile(folder.resolve("client.pcap"));
  }

  @ParameterizedTest
  @CsvSource({
    "mssbridge comp, compare",
    "mssbridge help ver, verify",
    "mssbridge compare --jso, --json",
    "mssbridge compare --fail-on wa, warn",
    "mssbridge compare --points vl, vlan",
    "mssbridge explain mss.clam, mss.clamped",
    "mssbridge compare --only mss.rai, mss.raised",
    "mssbridge compare cli, client.pcap",
    "mssbridge compare --json cli, client.pcap"
  })
  void bashCompletes(String line, String word) throws Exception {
    // compopt works only while bash itself completes.
    String script =
        ("compopt() { :; }; source completion/mssbridge.bash; COMP_WORDS=(" + line + ");")
            + (" COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE='" + line + "';")
            + " COMP_POINT=${#COMP_LINE}; _complete_mssbridge;"
            + " printf '%s\\n' \"${COMPREPLY[@]}\"";
    String said = Tool.run(folder, "bash", "--norc", "-c", script);
    assertThat(said.lines().map(String::strip)).containsExactly(word);
  }

  @ParameterizedTest
  @CsvSource({
    "mssbridge comp, compare",
    "mssbridge help ver, verify",
    "mssbridge compare --jso, --json",
    "mssbridge compare --fail-on wa, warn",
    "mssbridge compare --points vl, vlan",
    "mssbridge explain mss.clam, mss.clamped",
    "mssbridge compare --only mss.rai, mss.raised",
    "'mssbridge compare --only mss.raised,mss.clam', 'mss.raised,mss.clamped'",
    "mssbridge compare cli, client.pcap",
    "mssbridge compare --json cli, client.pcap",
    "mssbridge compare --annotate cap, captures/"
  })
  void fishCompletes(String line, String word) throws Exception {
    String script =
        "source completion/mssbridge.fish; complete -C '" + line + "' | string split -f1 \\t";
    String said = Tool.run(folder, "fish", "--no-config", "-c", script);
    assertThat(said.lines()).containsExactly(word);
  }

  /** One shell for all lines: it takes a second to start. After each line it prints its buffer. */
  @Test
  void zshCompletes() throws Exception {
    List<String> lines =
        List.of(
            "mssbridge comp|are ",
            "mssbridge help ver|ify ",
            "mssbridge compare --jso|n=",
            "mssbridge compare --fail-on=wa|rn ",
            "mssbridge compare --points vl|an ",
            "mssbridge explain mss.clam|ped ",
            "mssbridge compare --only=mss.rai|sed,",
            "mssbridge compare --only=mss.raised,mss.clam|ped,",
            "mssbridge compare cli|ent.pcap ",
            "mssbridge compare --annotate=cap|tures/");
    List<String> script = new ArrayList<>();
    script.add("zmodload zsh/zpty; zpty shell zsh -f -i");
    script.add(
        "zpty -w shell 'fpath=($PWD/completion $fpath); autoload -U compinit; compinit -u -D;"
            + " unsetopt beep; say() { print -r -- \"<<$BUFFER>>\"; BUFFER= }; zle -N say;"
            + " bindkey \"^I\" complete-word; bindkey \"^X\" say; print -r rea\"\"dy'");
    script.add("zpty -r shell out '*ready*'");
    for (String line : lines) {
      String typed = line.substring(0, line.indexOf('|'));
      script.add("zpty -w -n shell $'" + typed + "\\t\\C-x'");
      script.add("zpty -r shell out '*<<*>>*'; print -r -- ${${out##*<<}%%>>*}'|'");
    }
    script.add("zpty -d shell");
    String said = Tool.run(folder, "zsh", "-f", "-c", String.join("\n", script));
    assertThat(said.lines())
        .containsExactlyElementsOf(
            lines.stream().map(line -> line.replace("|", "") + "|").toList());
  }

  @Test
  void everyOptionIsInEachCompletion() throws IOException {
    String bash = Files.readString(folder.resolve("completion/mssbridge.bash"));
    String zsh = Files.readString(folder.resolve("completion/_mssbridge"));
    String fish = Files.readString(folder.resolve("completion/mssbridge.fish"));
    for (Command command : Program.of(Main.commandLine()).commands()) {
      assertThat(fish).contains("-a " + command.name() + " -d");
      for (Argument option : command.options()) {
        String name = option.longestName();
        assertThat(bash).contains("'" + name + "'");
        assertThat(zsh).contains(name);
        assertThat(fish).contains("from " + command.name() + "'", "-l " + name.substring(2) + " ");
      }
    }
  }
}
