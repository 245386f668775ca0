package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.cli.ReportOf.maps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Simple packet blocks of pcapng have no time: what needs none is found, and no time is made up.
 */
class UntimedPacketsTest {
  /** Without times, nobody knows whether what was lost would be in the other capture. */
  private static final Set<String> NEED_TIMES =
      Set.of(
          "clock.offset",
          "path.delay",
          "path.lost",
          "pmtud.adapted",
          "time.client",
          "time.network",
          "time.retransmission",
          "time.server");

  @TempDir private Path folder;

  /** A copy of a classic capture in which every {@code nth} packet keeps its time. */
  private Path withoutTimes(Path capture, int nth) throws IOException {
    Path copy = folder.resolve(nth + "-" + capture.getFileName() + "ng");
    return PcapngCopy.of(capture, copy, nth, OptionalLong.empty());
  }

  private static List<String> codesWithoutTimes(Path... captures) throws IOException {
    return ReportOf.captures(captures).codes().stream()
        .filter(code -> !NEED_TIMES.contains(code.replaceAll(" .*", "")))
        .toList();
  }

  @Test
  void captureWithoutTimesSaysWhatNeedsNone() throws Exception {
    Path[] seed = ReportOf.example("seed-20633");
    Path server = withoutTimes(seed[1], Integer.MAX_VALUE); // The first one keeps its time.
    ReportOf report = ReportOf.captures(seed[0], server);

    assertThat(report.codes()).isEqualTo(codesWithoutTimes(seed));
    Map<String, Object> capture = maps(report.root().get("captures")).get(1);
    assertThat(capture).containsEntry("untimed_packets", (Long) capture.get("packets") - 1);
    assertThat(capture.get("first")).isEqualTo(capture.get("last"));
    assertThat(maps(report.root().get("clock")).get(1)).containsEntry("samples", 0L);
  }

  @Test
  void capturesWithSomeTimesAreNotTimed() throws Exception {
    Path[] seed = ReportOf.example("seed-20633");
    Path client = withoutTimes(seed[0], 2);
    Path server = withoutTimes(seed[1], 3);
    assertThat(ReportOf.captures(client, server).codes()).isEqualTo(codesWithoutTimes(seed));
    assertThat(CommandRun.compare(client, server, "-v").out().replaceAll("\\s+", " "))
        .contains("69 packets, 34 of them without a time")
        .contains("22 of 24 segments arrived")
        .contains("the capture at server cannot show the other 2: packets have no time")
        .doesNotContain("no data lost client to server")
        .doesNotContainPattern("\\d ms\\b");
  }
}
