package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.cli.ReportOf.map;
import static org.mssbridge.cli.ReportOf.maps;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The program answers the question that the project started from. */
class SeedReportTest {
  private static ReportOf report;

  @BeforeAll
  static void compare() throws IOException {
    report = ReportOf.captures(ReportOf.example("seed-20633"));
  }

  @Test
  void mssIsClampedInBothDirections() {
    for (String direction : List.of("c2s", "s2c")) {
      assertThat(map(report.finding("mss.clamped", direction).get("facts")))
          .containsEntry("near_mss_bytes", 1460L)
          .containsEntry("far_mss_bytes", 1380L);
    }
  }

  @Test
  void moreThanOneCauseIsNamed() {
    assertThat(maps(report.finding("mss.clamped", "c2s").get("causes")))
        .extracting(cause -> cause.get("cause").toString())
        .anyMatch(cause -> cause.contains("ASA"))
        .anyMatch(cause -> cause.contains("WireGuard"))
        .noneMatch(cause -> cause.contains("ACE"));
  }

  @Test
  void isnIsRewrittenByFirewallAndNotByProxy() {
    assertThat(report.codes()).contains("isn.rewritten c2s", "isn.rewritten s2c");
    assertThat((List<?>) report.connections().get(0).get("middlebox"))
        .asString()
        .contains("isn-randomiser", "mss-clamp")
        .doesNotContain("proxy");
  }

  @Test
  void sackIsNotTranslated() {
    assertThat(report.connections().get(0)).containsEntry("sack_translated", false);
  }

  @Test
  void supersegmentIsNotAViolation() {
    assertThat(map(report.finding("offload.segmentation", "c2s").get("frames")).get("client"))
        .asString()
        .contains("13");
    assertThat(report.codes()).noneMatch(code -> code.startsWith("mss.violated"));
  }

  @Test
  void firstPartOfSupersegmentIsLost() {
    Map<String, Object> lost = map(report.finding("path.lost", "c2s").get("facts"));
    assertThat(maps(lost.get("occurrences")).get(0))
        .containsEntry("first_lost_byte", 0L)
        .containsEntry("last_lost_byte", 1379L)
        .containsEntry("segment_bytes", 1477L);
  }

  @Test
  void senderAdaptsAfter314Milliseconds() {
    Map<String, Object> facts = map(report.finding("pmtud.adapted", "c2s").get("facts"));
    assertThat(facts).containsEntry("from_bytes", 1380L).containsEntry("to_bytes", 1360L);
    assertThat(maps(facts.get("occurrences")).get(0)).containsEntry("after_ms", 314.0);
  }

  @Test
  void routerReportsItsMtu() {
    Map<String, Object> tooBig = report.finding("pmtud.too-big", "c2s");
    assertThat(map(tooBig.get("facts")))
        .containsEntry("sender", "21.238.5.11")
        .containsEntry("mtu_bytes", 1419L)
        .containsEntry("initial_ttl", 255L);
    assertThat(map(tooBig.get("frames"))).containsEntry("client", List.of(57L));
    assertThat(maps(tooBig.get("causes"))).noneMatch(c -> c.toString().contains("TTL"));
  }

  @Test
  void textMatchesTheExample() throws IOException {
    Path folder = ReportOf.example("seed-20633")[0].getParent();
    assertThat(text())
        .as("run make demo, read the difference, and write it to report.txt if it is right")
        .isEqualTo(Files.readString(folder.resolve("report.txt")));
    assertThat(withoutRun(text("-v")))
        .isEqualTo(withoutRun(Files.readString(folder.resolve("report-v.txt"))));
  }

  private static String text(String... options) throws IOException {
    StringWriter text = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of("compare"));
    arguments.addAll(List.of(options));
    for (Path capture : ReportOf.example("seed-20633")) {
      arguments.add(capture.toString());
    }
    Main.run(
        arguments.toArray(String[]::new),
        new PrintWriter(text),
        new PrintWriter(new StringWriter()));
    return text.toString();
  }

  /** Removes the last two lines: versions, time and command. */
  private static String withoutRun(String text) {
    int run = text.indexOf("\n  mssbridge ");
    assertThat(run).as("lines about the run").isPositive();
    return text.substring(0, run);
  }

  @Test
  void textNamesItsInputsAndVersions() throws IOException {
    StringWriter text = new StringWriter();
    Path[] captures = ReportOf.example("seed-20633");
    String[] arguments = {"compare", "-v", captures[0].toString(), captures[1].toString()};
    Main.run(arguments, new PrintWriter(text), new PrintWriter(new StringWriter()));
    for (Map<String, Object> capture : maps(report.root().get("captures"))) {
      assertThat(text.toString()).contains((String) capture.get("sha256"));
    }
    assertThat(text.toString()).contains("(all times in UTC)", "mssbridge compare ");
    assertThat(map(report.root().get("tool"))).containsEntry("time_zone", "UTC");
  }

  @Test
  void clampIsOneByteTooLarge() {
    assertThat(map(report.finding("pmtud.clamp-insufficient", "c2s").get("facts")))
        .containsEntry("excess_bytes", 1L)
        .containsEntry("fitting_mss_bytes", 1379L);
  }

  @Test
  void unrequestedFindingsAreNotReportedAsAbsent() throws IOException {
    Path[] captures = ReportOf.example("seed-20633");
    CommandRun run = CommandRun.compare(captures[0], captures[1], "--only", "mss.low");
    assertThat(run.out()).startsWith("What is between the points was not asked for (--only).\n");
  }
}
