package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code --frames}: the report is the same, byte for byte. */
class FramesTest {
  @TempDir private Path folder;

  static Stream<String> examples() throws IOException {
    return LawsTest.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void reportIsTheSameWithAllFramesAndWithEvidence(String example) throws IOException {
    assertThat(report(example, "evidence")).isEqualTo(report(example, "all"));
  }

  @Test
  void filterNeedsAllFrames() {
    StringWriter errors = new StringWriter();
    List<String> arguments = List.of("a", "b", "--filter", "tcp", "--frames", "evidence");
    assertThat(run("compare", arguments, errors)).isEqualTo(Main.USAGE);
    assertThat(errors.toString()).contains("--filter needs every frame");
  }

  private String report(String example, String frames) throws IOException {
    Path json = folder.resolve("report.json");
    List<String> arguments = new ArrayList<>(List.of("--quiet", "--json", json.toString()));
    arguments.addAll(List.of("--frames", frames));
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
