package org.mssbridge.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunningStopwatchTest {
  private static Reading reading(String point, String why, Optional<Duration> tsharkCpu) {
    Duration second = Duration.ofSeconds(1);
    return new Reading(point, 10, 3, why, second, second, second, tsharkCpu);
  }

  @Test
  void stagesFollowEachOtherAndTheirPartsAreApart() {
    RunningStopwatch stopwatch = RunningStopwatch.started();
    stopwatch.enter(Stage.RULES);
    assertThat(stopwatch.rule("path.lost", () -> "found")).isEqualTo("found");
    stopwatch.enter(Stage.WRITING, "--json");
    stopwatch.enter(Stage.WRITING, "--html");
    stopwatch.stop();
    Timings timings = stopwatch.timings();
    assertThat(timings.laps().stream().map(lap -> lap.stage().label() + " " + lap.part()))
        .containsExactly("starting Java ", "rules ", "writing --json", "writing --html");
    assertThat(timings.rules()).extracting(Lap::part).containsExactly("path.lost");
    assertThat(timings.pairs()).isZero();
  }

  @Test
  void pairsAreAddedUpWhenTheyStop() {
    RunningStopwatch stopwatch = RunningStopwatch.started();
    for (int i = 0; i < 3; i++) {
      Stopwatch pair = stopwatch.forPair();
      pair.enter(Stage.READING);
      pair.add(reading("server", "evidence", Optional.of(Duration.ofSeconds(2))));
      pair.add(reading("client", i == 0 ? "--frames all" : "evidence", Optional.empty()));
      if (i < 2) {
        pair.stop();
      }
    }
    Timings timings = stopwatch.timings();
    assertThat(timings.pairs()).isEqualTo(2);
    assertThat(timings.laps())
        .filteredOn(lap -> lap.stage() == Stage.READING)
        .singleElement()
        .satisfies(lap -> assertThat(lap.cpu()).as("CPU of one among several").isEmpty());
    Duration twoSeconds = Duration.ofSeconds(2);
    assertThat(timings.readings())
        .isEqualTo(
            List.of(
                new Reading(
                    "client",
                    20,
                    6,
                    "for several reasons",
                    twoSeconds,
                    twoSeconds,
                    twoSeconds,
                    Optional.empty()),
                new Reading(
                    "server",
                    20,
                    6,
                    "evidence",
                    twoSeconds,
                    twoSeconds,
                    twoSeconds,
                    Optional.of(Duration.ofSeconds(4)))));
  }
}
