package org.mssbridge.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimingsTextTest {
  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  private static Lap lap(Stage stage, String part, long wallMillis, long cpuMillis) {
    return new Lap(stage, part, millis(wallMillis), Optional.of(millis(cpuMillis)));
  }

  @Test
  void linesHaveColumnsAndWhatWasNotMeasuredIsBlank() {
    Timings timings =
        new Timings(
            List.of(
                lap(Stage.STARTING, "", 310, 450),
                lap(Stage.READING, "", 4310, 5200),
                lap(Stage.RULES, "", 1200, 2100),
                new Lap(Stage.WRITING, "--json", millis(404), Optional.empty())),
            IntStream.range(0, 6).mapToObj(i -> lap(Stage.RULES, "rule." + i, 90 - i, 80)).toList(),
            List.of(
                new Reading(
                    "client",
                    994_421,
                    12_345,
                    "evidence",
                    millis(4300),
                    millis(800),
                    millis(600),
                    Optional.of(millis(2100))),
                new Reading(
                    "server",
                    7,
                    7,
                    "--frames all",
                    millis(4200),
                    millis(0),
                    millis(10),
                    Optional.empty())),
            new Timings.Total(
                millis(8210),
                Optional.of(millis(10_100)),
                Optional.empty(),
                Optional.empty(),
                millis(700)),
            0);
    assertThat(String.join("\n", TimingsText.lines(timings)) + "\n")
        .isEqualTo(
            """
                                                      wall s     CPU s  tshark's
            starting Java                               0.31      0.45
            reading                                     4.31      5.20
              client                                    4.30                2.10
                scan                                              0.80
                tshark's lines                                    0.60
                994,421 frames, 12,345 of them read by tshark: evidence
              server                                    4.20
                scan                                              0.00
                tshark's lines                                    0.01
                7 frames, 7 of them read by tshark: --frames all
            rules                                       1.20      2.10
              rule.0                                    0.09      0.08
              rule.1                                    0.09      0.08
              rule.2                                    0.09      0.08
              rule.3                                    0.09      0.08
              rule.4                                    0.09      0.08
            writing --json                              0.40
            all                                         8.21     10.10
              garbage collection                        0.70
            """);
  }
}
