package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trends as lines of bars, in steps that fit the time range. */
class TrendTest {
  @Test
  void shareOfEachStepIsABar() {
    Map<String, Long> whole = Map.of("01", 10L, "02", 10L, "03", 10L, "05", 1L);
    Map<String, Long> part = Map.of("02", 1L, "03", 10L, "05", 1L);
    assertThat(Trend.of(List.of("01", "02", "03", "04", "05"), part, whole).bars())
        .isEqualTo("·▁█ █");
  }

  @Test
  void manyStepsShareABar() {
    List<String> days = TimeScale.DAY.steps("2024-01-01T10:00:00", "2024-04-09T09:00:00");
    assertThat(days).hasSize(100).startsWith("2024-01-01").endsWith("2024-04-09");
    Trend trend = Trend.of(days, Map.of("2024-01-01", 2L, "2024-04-09", 1L));
    assertThat(trend.stepsPerBar()).isEqualTo(3);
    assertThat(trend.bars()).hasSize(34).startsWith("█ ").endsWith(" ▄");
  }

  @ParameterizedTest
  @CsvSource({
    "2024-03-02T14:10:05.000000000Z, SECOND",
    "2024-03-02T16:10:05.000000000Z, MINUTE",
    "2024-03-09T14:10:05.000000000Z, HOUR",
    "2024-09-02T14:10:05.000000000Z, DAY",
    "2034-09-02T14:10:05.000000000Z, MONTH"
  })
  void timeRangeDecidesTheStep(String last, TimeScale scale) {
    assertThat(TimeScale.of(Optional.of("2024-03-02T14:10:00.000000000Z"), Optional.of(last)))
        .isEqualTo(scale);
  }
}
