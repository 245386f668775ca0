package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.script.CaptureTransform;

/**
 * What must hold whatever the captures are. Plain captures only: the transformation reads these.
 */
class LawsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = "seed-20633")
  void captureAgainstItselfShowsNoChange(String example) throws IOException {
    Path client = ReportOf.example(example)[0];
    assertThat(ReportOf.captures(client, client).codes())
        .noneMatch(
            code ->
                code.startsWith("mss.clamped")
                    || code.startsWith("isn.")
                    || code.startsWith("sack.")
                    || code.startsWith("option.")
                    || code.startsWith("path.lost")
                    || code.startsWith("path.hops")
                    || code.startsWith("pmtud.blackhole"));
  }

  @ParameterizedTest
  @ValueSource(strings = "seed-20633")
  void reverseOrderGivesTheSameFindingsAndSaysSo(String example) throws IOException {
    Path[] captures = ReportOf.example(example);
    ReportOf given = ReportOf.captures(captures);
    ReportOf reversed = ReportOf.captures(captures[1], captures[0]);
    assertThat(reversed.codes()).contains("capture.swapped");
    assertThat(without(reversed, "capture.swapped"::equals))
        .isEqualTo(without(given, code -> false));
  }

  @ParameterizedTest
  @ValueSource(strings = "seed-20633")
  void shiftedTimesChangeTheClockOnly(String example) throws IOException {
    Path[] captures = ReportOf.example(example);
    Path shifted = folder.resolve("server.pcap");
    CaptureTransform.shiftTime(Duration.ofSeconds(-4711)).apply(captures[1], shifted);
    assertThat(ReportOf.captures(captures[0], shifted).codes())
        .isEqualTo(ReportOf.captures(captures).codes());
  }

  @ParameterizedTest
  @ValueSource(strings = "seed-20633")
  void shiftedSequenceNumbersChangeNothingButTheIsn(String example) throws IOException {
    Path[] captures = ReportOf.example(example);
    Path shifted = folder.resolve("server.pcap");
    CaptureTransform.shiftSequence(0x7abc_0001, -12345).apply(captures[1], shifted);
    ReportOf before = ReportOf.captures(captures);
    ReportOf after = ReportOf.captures(captures[0], shifted);
    Predicate<String> numbers = code -> code.startsWith("isn.") || code.startsWith("sack.");
    assertThat(without(after, numbers)).isEqualTo(without(before, numbers));
    assertThat(after.connections().get(0).get("lost_bytes"))
        .isEqualTo(before.connections().get(0).get("lost_bytes"));
  }

  private static List<String> without(ReportOf report, Predicate<String> unwanted) {
    return report.codes().stream().filter(unwanted.negate()).toList();
  }
}
