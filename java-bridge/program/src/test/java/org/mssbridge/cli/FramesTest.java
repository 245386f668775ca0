package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code --frames}: the report is byte for byte the same, except for how captures were read. */
class FramesTest {
  /** The part of a report on who read a capture, and why. */
  private static final Pattern READER = Pattern.compile(" *\"(read_by|reason)\" : .*\n");

  @TempDir private Path folder;

  static Stream<String> examples() throws IOException {
    return LawsTest.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void reportIsTheSameWithAllFramesAndWithEvidence(String example) throws IOException {
    assertThat(withoutReader(report(example, "evidence")))
        .isEqualTo(withoutReader(report(example, "all")));
  }

  @Test
  void reportNamesWhatReadTheCaptures() throws IOException {
    assertThat(report("seed-20633", "evidence"))
        .contains("\"read_by\" : \"sieve\",\n    \"reason\" : null")
        .doesNotContain("\"read_by\" : \"tshark\"");
    assertThat(report("seed-20633", "all"))
        .contains("\"read_by\" : \"tshark\",\n    \"reason\" : \"--frames all\"")
        .doesNotContain("\"read_by\" : \"sieve\"");
    assertThat(report("seed-20633", "--filter", "tcp"))
        .contains("\"read_by\" : \"tshark\",\n    \"reason\" : \"display filter\"");
  }

  @Test
  void verboseReportsOnStandardErrorWhatReadTheCaptures() throws IOException {
    StringWriter errors = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of("-v"));
    Stream.of(ReportOf.example("seed-20633")).map(Path::toString).forEach(arguments::add);
    assertThat(run("compare", arguments, errors)).isZero();
    assertThat(errors.toString().lines())
        .containsExactly(
            "mssbridge: client: read fast: tshark decodes only the packets that need it",
            "mssbridge: server: read fast: tshark decodes only the packets that need it");
  }

  @Test
  void verboseSaysWhyTheSieveGaveUp() throws IOException {
    Path zipped = folder.resolve("client.pcap.gz");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      Files.copy(ReportOf.example("seed-20633")[0], gzip);
    }
    Files.write(zipped, new byte[] {0}, StandardOpenOption.APPEND);
    StringWriter errors = new StringWriter();
    assertThat(run("inspect", List.of("--verbose", zipped.toString()), errors)).isZero();
    assertThat(errors.toString().lines())
        .containsExactly(
            "mssbridge: capture: read slowly, tshark decodes every packet: bytes after the end of a gzip"
                + " file");
    StringWriter silent = new StringWriter();
    assertThat(run("inspect", List.of(zipped.toString()), silent)).isZero();
    assertThat(silent.toString()).isEmpty();
  }

  @Test
  void quietAndVerboseExcludeEachOther() {
    StringWriter errors = new StringWriter();
    assertThat(run("inspect", List.of("a", "--quiet", "-v"), errors)).isEqualTo(Main.USAGE);
    assertThat(errors.toString()).contains("--quiet and --verbose exclude each other");
  }

  private static String withoutReader(String report) {
    return READER.matcher(report).replaceAll("");
  }

  @Test
  void filterNeedsAllFrames() {
    StringWriter errors = new StringWriter();
    List<String> arguments = List.of("a", "b", "--filter", "tcp", "--frames", "evidence");
    assertThat(run("compare", arguments, errors)).isEqualTo(Main.USAGE);
    assertThat(errors.toString()).contains("--filter needs every frame");
  }

  private String report(String example, String frames) throws IOException {
    return report(example, "--frames", frames);
  }

  private String report(String example, String option, String value) throws IOException {
    Path json = folder.resolve("report.json");
    List<String> arguments = new ArrayList<>(List.of("--quiet", "--json", json.toString()));
    arguments.addAll(List.of(option, value));
    Stream.of(ReportOf.example(example)).map(Path::toString).forEach(arguments::add);
    StringWriter errors = new StringWriter();
    assertThat(run("compare", arguments, errors)).as(errors.toString()).isZero();
    String report = Files.readString(json);
    return report.substring(report.indexOf("\"captures\""));
  }

  private static int run(String command, List<String> arguments, StringWriter errors) {
    List<String> whole = new ArrayList<>(List.of(command));
    whole.addAll(arguments);
    return Main.run(
        whole.toArray(String[]::new),
        new PrintWriter(new StringWriter()),
        new PrintWriter(errors, true));
  }
}
