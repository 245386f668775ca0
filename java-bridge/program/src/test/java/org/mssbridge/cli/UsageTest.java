package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong command line is one line that says what was probably meant; the help says the rest. */
class UsageTest {
  private static final Pattern SPACES = Pattern.compile(" +");

  private static CommandRun run(String line) {
    return CommandRun.of((Object[]) SPACES.split(line));
  }

  private static String error(String line) {
    CommandRun run = run(line);
    assertThat(run.status()).as(line).isEqualTo(Main.USAGE);
    assertThat(run.out()).as(line).isEmpty();
    assertThat(run.err().lines()).as(line).hasSize(1);
    return run.err();
  }

  @ParameterizedTest
  @CsvSource({
    "comapre a b, comapre: no such command; did you mean compare? See mssbridge --help",
    "help inspct, inspct: no such command; did you mean inspect?",
    "compare --jsn=x a b, --jsn: no such option; did you mean --json? See mssbridge compare",
    "compare -json x a b, -json: no such option; did you mean --json?",
    "batch m --case c --retri, --retri: no such option; did you mean --retry?",
    "compare a b --only mss.clampd, --only mss.clampd: no finding has this code; did you mean"
        + " mss.clamped?",
    "compare a b --only blackhole, did you mean pmtud.blackhole?",
    "compare a b --fail-on wern, did you mean warn?",
    "batch m --case c --fail-on eror, --fail-on: 'eror' is none of",
    "compare a b --points vlna, did you mean vlan?",
    "compare a b --frames evidense, did you mean evidence?"
  })
  void typingErrorIsAnsweredWithWhatWasMeant(String line, String words) {
    assertThat(error(line)).contains(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frobnicate a",
        "compare --q a b",
        "compare a b --only xyz",
        "compare a b --fail-on xyz"
      })
  void nothingIsSuggestedForWordsThatAreLikeNone(String line) {
    assertThat(error(line)).doesNotContain("did you mean").contains("; see mssbridge");
  }

  @ParameterizedTest
  @CsvSource({
    "compare, compare needs at least two captures (one with several points is enough)",
    "client.pcap server.pcap, as in mssbridge compare CLIENT.pcap SERVER.pcap",
    "inspect a b, b: one argument too many; several captures are for mssbridge compare",
    "explain, NUMBER|CODE is missing",
    "explain 14x0, is neither a whole number nor the code of a finding",
    "batch m.csv, --case: FILE is missing",
    "compare a b --json, --json: FILE is missing"
  })
  void whatIsMissingOrTooMuchIsNamed(String line, String words) {
    assertThat(error(line)).contains(words).contains(" --help");
  }

  @Test
  void explainSaysWhatAFindingMeans() {
    CommandRun run = CommandRun.of("explain", "mss.clamped");
    run.assertDone();
    assertThat(run.out())
        .startsWith("mss.clamped (warn, protocol): the MSS was lowered on the path\n")
        .contains("Sources: RFC 9293");
  }

  @Test
  void capturesOfOnePointAreTooFew() throws IOException {
    CommandRun.compare(ReportOf.example("seed-20633")[0])
        .assertUnusable("client.pcap", "compare needs at least two captures");
  }

  @Test
  void warningIsWarnInAnyCase() throws IOException {
    for (String severity : List.of("warn", "warning", "WARN", "Warning")) {
      Object[] arguments =
          Stream.concat(Stream.of("--fail-on", severity), Stream.of(ReportOf.example("seed-20633")))
              .toArray();
      assertThat(CommandRun.compare(arguments).status())
          .as(severity)
          .isEqualTo(Main.FAILED_ON_FINDING);
    }
  }

  @Test
  void helpOfACommandIsThatOfItsOption() {
    assertThat(run("help").out()).isEqualTo(run("--help").out()).contains("compare");
    assertThat(run("help compare").out()).isEqualTo(run("compare --help").out());
    assertThat(run("help compare").status()).isEqualTo(Main.DONE);
  }

  @Test
  void filterThatTsharkRejectsIsNamedWithItsWord() throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    CommandRun run = CommandRun.compare(seed[0], seed[1], "--filter", "ip.adr == 1");
    assertThat(run.status()).isEqualTo(Main.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("mssbridge: --filter: tshark rejects 'ip.adr == 1': ")
        .containsPattern("rejects '.*': .*ip\\.adr");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compare",
        "inspect",
        "batch",
        "discover",
        "case",
        "verify",
        "explain",
        "open",
        "install",
        "doctor"
      })
  void helpHasExamplesAndExitStatusIn80Columns(String command) {
    String help = run("help " + command).out();
    assertThat(help).contains("Exit status:", "Example", "  mssbridge " + command);
    assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
  }
}
