package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Since when times are others: only where chance, noise and other networks do not explain it. */
class TimeShiftTest {
  private final Random random = new Random(1);

  /** Times in ns of levels in ms, with up to 20 ms of noise. */
  private long[] values(int count, IntToDoubleFunction level) {
    return IntStream.range(0, count)
        .mapToLong(i -> Math.round(1e6 * (level.applyAsDouble(i) + random.nextDouble() * 20)))
        .toArray();
  }

  private static int[] pairs(int count, int size) {
    return IntStream.range(0, count).map(i -> i / size).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 30, 77})
  void changeOfLevelIsFoundWhereItIs(int first) {
    TimeShift found =
        TimeShift.of(values(100, i -> i < first ? 100 : 500), new int[100]).orElseThrow();
    assertThat(found.first()).isEqualTo(first);
    assertThat(found.beforeNanos()).isBetween(100_000_000L, 120_000_000L);
    assertThat(found.afterNanos()).isBetween(500_000_000L, 520_000_000L);
  }

  @Test
  void changeToLessIsFound() {
    TimeShift found = TimeShift.of(values(60, i -> i < 40 ? 300 : 100), new int[60]).orElseThrow();
    assertThat(found.first()).isEqualTo(40);
    assertThat(found.afterNanos()).isLessThan(found.beforeNanos());
  }

  @Test
  void noiseIsNoChange() {
    for (int i = 0; i < 200; i++) {
      assertThat(TimeShift.of(values(100, place -> 100), new int[100])).isEmpty();
    }
  }

  @Test
  void tooFewAreNoLevel() {
    assertThat(TimeShift.of(values(39, i -> i < 20 ? 100 : 500), new int[39])).isEmpty();
    assertThat(TimeShift.of(values(100, i -> i < 82 ? 100 : 500), new int[100])).isEmpty();
  }

  @Test
  void smallChangeIsNotWorthAWord() {
    long[] values = new long[100];
    Arrays.setAll(values, i -> i < 50 ? 1_000_000 : 9_000_000);
    assertThat(TimeShift.of(values, new int[100])).as("8 ms").isEmpty();
    Arrays.setAll(values, i -> i < 50 ? 1_000_000_000 : 1_100_000_000);
    assertThat(TimeShift.of(values, new int[100])).as("a tenth").isEmpty();
  }

  @Test
  void slowRiseAndAPeakAreNoLevel() {
    assertThat(TimeShift.of(values(200, i -> 100 + 5 * i), new int[200])).as("rise").isEmpty();
    assertThat(TimeShift.of(values(200, i -> i > 90 && i < 110 ? 900 : 100), new int[200]))
        .as("peak")
        .isEmpty();
  }

  @Test
  void pairOfAnotherNetworkIsNoChange() {
    long[] values = values(100, i -> i < 50 ? 100 : 500);
    assertThat(TimeShift.of(values, pairs(100, 50))).as("two pairs").isEmpty();
    assertThat(TimeShift.of(values, pairs(100, 25))).as("two and two").isEmpty();
    assertThat(TimeShift.of(values, pairs(100, 10))).as("five and five").isPresent();
    assertThat(TimeShift.of(values, pairs(100, 100))).as("within one pair").isPresent();
  }
}
