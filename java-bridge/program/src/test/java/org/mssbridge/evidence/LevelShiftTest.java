package org.mssbridge.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A shift from one level to another is found; what only looks like one is not. */
class LevelShiftTest {
  private static final long MS = 1_000_000L;

  /** A level that holds a smaller part of all values may not be seen. */
  private static final int PART = 15;

  @Property(tries = 300)
  void aShiftIsFoundWhereItIs(
      @ForAll long seed,
      @ForAll @IntRange(min = 25, max = 3000) int before,
      @ForAll @IntRange(min = 25, max = 3000) int after) {
    Assume.that(Math.min(before, after) * PART >= before + after);
    Random random = new Random(seed);
    int sign = random.nextBoolean() ? 1 : -1;
    // One in 50 is late, as on any path.
    long[] values =
        LongStream.range(0, before + after)
            .map(
                i ->
                    (50L + (i < before ? 0 : sign * 20)) * MS
                        + random.nextInt((int) (4 * MS))
                        + (random.nextInt(50) == 0 ? 100 * MS : 0))
            .toArray();
    LevelShift shift = LevelShift.of(values).orElseThrow();
    assertThat(shift.index()).isCloseTo(before, within(3));
    assertThat(shift.size()).isCloseTo(20L * sign * MS, within(3 * MS));
  }

  @Property(tries = 300)
  void valuesOfOneLevelHaveNone(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 3000) int count) {
    Random random = new Random(seed);
    long[] values =
        LongStream.range(0, count).map(i -> 50 * MS + random.nextInt((int) (4 * MS))).toArray();
    assertThat(LevelShift.of(values)).isEmpty();
  }

  @Property(tries = 300)
  void aSlowRiseIsNone(@ForAll long seed, @ForAll @IntRange(min = 40, max = 3000) int count) {
    Random random = new Random(seed);
    long[] values =
        LongStream.range(0, count)
            .map(i -> 50 * MS + 40 * MS * i / count + random.nextInt((int) (2 * MS)))
            .toArray();
    assertThat(LevelShift.of(values)).isEmpty();
  }

  @Test
  void aSpikeIsNone() {
    long[] values =
        LongStream.range(0, 1000).map(i -> (i >= 500 && i < 560 ? 300 : 50) * MS).toArray();
    assertThat(LevelShift.of(values)).isEmpty();
  }

  @Test
  void fewValuesAreNone() {
    long[] values = LongStream.range(0, 200).map(i -> (i < 190 ? 50 : 90) * MS).toArray();
    assertThat(LevelShift.of(values)).isEmpty();
  }
}
