package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.cli.ReportOf.map;
import static org.mssbridge.cli.ReportOf.maps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cases rebuilt from what people reported, each with what is true about it: {@code truth.txt} has
 * codes that must be found, codes that never may be, and what the middlebox does and does not do.
 */
class FieldTest {
  private static final Path CASES =
      ReportOf.projectRoot().resolve("java-bridge/program/src/test/resources/field");

  @TempDir private Path folder;

  static Stream<String> names() throws IOException {
    try (Stream<Path> cases = Files.list(CASES)) {
      return cases.map(each -> each.getFileName().toString()).sorted().toList().stream();
    }
  }

  private static Path[] captures(String name) {
    Path of = CASES.resolve(name);
    return new Path[] {of.resolve("client.pcap"), of.resolve("server.pcap")};
  }

  @ParameterizedTest
  @MethodSource("names")
  void isToldAsItIs(String name) throws IOException {
    ReportOf report = ReportOf.captures(captures(name));
    List<String> codes = report.findings().stream().map(f -> f.get("code").toString()).toList();
    List<String> functions = new ArrayList<>();
    for (Map<String, Object> finding : report.findings()) {
      if (finding.get("code").equals("path.middlebox")) {
        functions.addAll(strings(map(finding.get("facts")).get("functions")));
      }
    }
    for (String line : Files.readAllLines(CASES.resolve(name).resolve("truth.txt"))) {
      String words = line.replaceFirst("^[^:]*: *", "");
      if (line.startsWith("must:")) {
        assertThat(codes).as("must be found").containsAll(words(words));
      } else if (line.startsWith("never:")) {
        assertThat(codes).as("must not be found").doesNotContainAnyElementsOf(words(words));
      } else if (line.startsWith("nothing above: note")) {
        assertThat(report.findings())
            .extracting(finding -> finding.get("severity"))
            .doesNotContain("warn", "error");
      } else if (line.startsWith("middlebox:")) {
        List<String> there = words(words.replaceFirst("; *never .*", ""));
        List<String> notThere = words(words.replaceFirst(".*; *never ", ""));
        assertThat(functions).as("what is between").containsAll(there);
        assertThat(functions).as("what is not between").doesNotContainAnyElementsOf(notThere);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static List<String> strings(Object list) {
    return (List<String>) list;
  }

  private static List<String> words(String list) {
    return Pattern.compile(",")
        .splitAsStream(list)
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** The same packets: with the statistics it is known that the bytes did not arrive. */
  @Test
  void endOfACaptureIsKnownByItsStatisticsOnly() throws Exception {
    Path[] captures = captures("far-capture-ends");
    ReportOf unknown = ReportOf.captures(captures);
    assertThat(maps(unknown.root().get("arrivals")).get(0))
        .containsEntry("compared", 23L)
        .containsEntry("arrived", 15L)
        .containsEntry("unknown", 8L)
        .containsEntry("lost", 0L);
    assertThat(unknown.codes()).doesNotContain("path.lost c2s");
    assertThat(CommandRun.compare(captures[0], captures[1], "-v").out().replaceAll("\\s+", " "))
        .contains(
            "client to server between client and server: 15 of 23 segments arrived; the capture at")
        .contains("server cannot show the other 8: its last packet is 182 s before the first");

    Path server =
        PcapngCopy.of(
            captures[1], folder.resolve("server.pcapng"), 1, OptionalLong.of(1_718_871_000));
    ReportOf known = ReportOf.captures(captures[0], server);
    assertThat(maps(known.root().get("arrivals")).get(0))
        .containsEntry("lost", 8L)
        .containsEntry("unknown", 0L);
    assertThat(known.codes()).contains("path.lost c2s");
    assertThat(map(maps(known.root().get("captures")).get(1).get("coverage")))
        .containsEntry("from_by", "packets")
        .containsEntry("until_by", "statistics")
        .containsEntry("until", "2024-06-20T08:10:00Z");
    assertThat(
            maps(
                ReportOf.captures(List.of("--frames", "all"), captures[0], server)
                    .root()
                    .get("arrivals")))
        .isEqualTo(maps(known.root().get("arrivals")));
  }
}
