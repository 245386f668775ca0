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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --timings}: what it prints, not how long anything takes. */
class TimingsTest {
  private static final String SECONDS = " +\\d+\\.\\d\\d";
  private static final String HEADER = " +wall s +CPU s +tshark's";
  private static final String TSHARK_TIME = "(" + SECONDS + ")?";
  private static final String FRAMES = "    [\\d,]+ frames, [\\d,]+ of them read by tshark: ";

  @TempDir private Path folder;
  private String client;
  private String server;

  @BeforeEach
  void findCaptures() throws IOException {
    client = ReportOf.example("seed-20633")[0].toString();
    server = ReportOf.example("seed-20633")[1].toString();
  }

  private static String wall(String name) {
    return name + SECONDS;
  }

  private static String wallAndCpu(String name) {
    return name + SECONDS + SECONDS;
  }

  private static Stream<String> capture(String point, String why) {
    return Stream.of(
        wall("  " + point) + TSHARK_TIME,
        wall("    scan"),
        wall("    tshark's lines"),
        FRAMES + why);
  }

  private static Stream<String> totals() {
    return Stream.of(
        wallAndCpu("all") + TSHARK_TIME,
        wall("  Java's compiler, beside"),
        wall("  garbage collection"));
  }

  private static Stream<String> rules(String rules) {
    return Stream.concat(
        Stream.of(rules), Stream.generate(() -> wallAndCpu("  [a-z.-]+")).limit(5));
  }

  @Test
  void compareSaysWhereTheTimeWent() {
    Path json = folder.resolve("report.json");
    List<String> lines =
        errors("compare", "--quiet", "--timings", "--json", json.toString(), client, server);
    assertMatch(
        lines,
        Stream.of(
                Stream.of(
                    HEADER,
                    wallAndCpu("starting Java"),
                    wallAndCpu("finding tshark"),
                    wallAndCpu("looking for capture points"),
                    wallAndCpu("reading")),
                capture("client", "what else could differ, and a sample"),
                capture("server", "what else could differ, and a sample"),
                Stream.of("pairing", "alignment", "clocks").map(TimingsTest::wallAndCpu),
                rules(wallAndCpu("rules")),
                Stream.of("writing --json", "printing the report").map(TimingsTest::wallAndCpu),
                totals())
            .flatMap(part -> part)
            .toList());
    assertThat(json).exists();
  }

  @Test
  void inspectSaysWhyTsharkReadAll() {
    assertThat(errors("inspect", "--timings", "--frames", "all", client))
        .anyMatch(line -> line.matches(FRAMES + "--frames all"))
        .noneMatch(line -> line.contains("writing"));
  }

  @Test
  void batchAddsItsPairsUp() throws IOException {
    Path manifest = folder.resolve("pairs.csv");
    Files.writeString(
        manifest, "id,client,server\none,%1$s,%2$s\ntwo,%1$s,%2$s\n".formatted(client, server));
    List<String> lines =
        errors(
            "batch",
            "--quiet",
            "--timings",
            manifest.toString(),
            "--case",
            folder.resolve("case.db").toString());
    assertMatch(
        lines,
        Stream.of(
                Stream.of(
                    HEADER,
                    wallAndCpu("starting Java"),
                    wallAndCpu("finding tshark"),
                    wall("looking for capture points"),
                    wall("reading")),
                capture("client", "what else could differ, and a sample"),
                capture("server", "what else could differ, and a sample"),
                Stream.of("pairing", "alignment", "clocks").map(TimingsTest::wall),
                rules(wall("rules")),
                Stream.of(wall("recording in the case")),
                totals(),
                Stream.of("2 pairs, side by side: stages are their sums"))
            .flatMap(part -> part)
            .toList());
  }

  @Test
  void withoutTheOptionNothingIsSaid() {
    assertThat(errors("compare", client, server)).isEmpty();
  }

  private static void assertMatch(List<String> lines, List<String> patterns) {
    assertThat(lines).as(String.join("\n", lines)).hasSameSizeAs(patterns);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).matches(patterns.get(i));
    }
  }

  private static List<String> errors(String... arguments) {
    StringWriter errors = new StringWriter();
    int status =
        Main.run(arguments, new PrintWriter(new StringWriter()), new PrintWriter(errors, true));
    List<String> lines = new ArrayList<>(errors.toString().lines().toList());
    assertThat(status).as(String.join("\n", lines)).isZero();
    return lines;
  }
}
